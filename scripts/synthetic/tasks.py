"""Tasks: a title, two or three sentences, numbers to be reached, and the units that answer for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random
from typing import Any

from scripts.synthetic.made import MadeTarget
from scripts.synthetic.places import District
from scripts.synthetic.words import Speaker, load

_TARGET_SHARE = 0.62
_TWO_TARGETS = 0.25
_SECOND_FORM = 0.015
"""Share of names printed in another form than the plan's usual one."""
_STREET_SHARE = 0.12
_COLLECTIVES = {"区": "各街道", "县": "各乡镇", "市": "各镇街"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as printed, and which office it is."""

    printed: str
    office: str


@dataclass(frozen=True, slots=True)
class Task:
    """A task before it has a place in the document."""

    head: str
    aspect: str
    title: str
    sentences: tuple[str, ...]
    """With full stops; those with numbers last."""
    targets: tuple[MadeTarget, ...]
    units: tuple[Unit, ...]
    project: str = ""

    @property
    def body(self) -> str:
        """The whole text without number and label."""
        return f"{self.title}。{''.join(self.sentences)}"


class TaskMaker:
    """Makes the tasks of one plan; no two have the same title or count the same thing."""

    def __init__(self, random: Random, district: District, topic: dict[str, Any], end: int) -> None:
        self.speaker = Speaker(
            random,
            {"head": tuple(topic["heads"]), "object": tuple(topic["objects"]), "town": district.towns,
             "level": (district.level,)},
        )  # fmt: skip
        self._random = random
        self._district = district
        self._topic = topic
        self._end = end
        self._subjects = _pairs(random, topic["heads"], load("grammar")["lists"]["aspect"])
        endings = [(ending, counted) for counted in load("grammar")["counted"] for ending in counted["endings"]]
        self._things = _pairs(random, topic["heads"], endings)
        self._forms = {office: random.choice(forms) for office, forms in load("offices").items()}

    def unit(self, office: str) -> Unit:
        """Return an office of the district, nearly always in the plan's usual form."""
        form = self._forms[office]
        if self._random.random() < _SECOND_FORM:
            form = self._random.choice(load("offices")[office])
        return Unit(self._district.level + form, office)

    def task(self, project: str = "") -> Task:
        """Return the next task; one with a ``project`` speaks of it by name."""
        head, aspect = next(self._subjects)
        say, patterns = self.speaker, load("grammar")
        title = say.say("{act}{head}{aspect}", head=head, aspect=aspect)
        wanted = self._random.sample(patterns["actions"], self._random.choice((1, 2, 2, 3)))
        sentences = [say.say(pattern, head=head, aspect=aspect) + "。" for pattern in wanted]
        if project:
            sentences.append(say.say(patterns["project"], head=head, project=project) + "。")
        targets: tuple[MadeTarget, ...] = ()
        if self._random.random() < _TARGET_SHARE:
            sentence, targets = self._target_sentence()
            sentences.append(sentence)
        return Task(head, aspect, title, tuple(sentences), targets, self._units(), project)

    def _target_sentence(self) -> tuple[str, tuple[MadeTarget, ...]]:
        year = self._end - self._random.choice((0, 0, 0, 1, 2))
        opening = self._random.choice(load("grammar")["due"]["forms"]).format(year=year)
        parts, targets = [], []
        for _ in range(2 if self._random.random() < _TWO_TARGETS else 1):
            words, target = self._target(year)
            parts.append(words)
            targets.append(target)
        return f"{opening}{'，'.join(parts)}。", tuple(targets)

    def _target(self, year: int) -> tuple[str, MadeTarget]:
        head, (ending, counted) = next(self._things)
        what, counter = head + ending, counted["counter"]
        form = self._random.choice(_forms(counter))
        number = self._random.randint(counted["least"], counted["most"])
        words = form["say"].format(what=what, n=number, counter=counter)
        return words, MadeTarget(what, float(number), form["comparator"], counter, year, total=form["total"])

    def _units(self) -> tuple[Unit, ...]:
        """Return the lead office most often, up to five partners, and now and then streets or all of them."""
        draw = self._random
        others = [office for office in load("offices") if office != self._topic["lead"]]
        pool = [*self._topic["partners"] * 4, *others]
        first = self._topic["lead"] if draw.random() < 0.7 else draw.choice(pool)
        offices = dict.fromkeys([first, *draw.choices(pool, k=draw.choice((0, 1, 1, 2, 2, 3, 4, 5)))])
        units = [self.unit(office) for office in offices]
        if draw.random() < _STREET_SHARE:
            town = draw.choice(self._district.towns)
            units.append(Unit(town, town))
        elif draw.random() < _STREET_SHARE:
            name = _COLLECTIVES[self._district.level]
            units.append(Unit(name, name))
        return tuple(units)


@cache
def _forms(counter: str) -> list[dict[str, Any]]:
    return [form for form in load("grammar")["target"] if counter in form["counters"]]


def _pairs(random: Random, left: Sequence[Any], right: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield pairs in a random order, each once: a plan has far fewer tasks than there are pairs."""
    both = list(product(left, right))
    random.shuffle(both)
    yield from both
