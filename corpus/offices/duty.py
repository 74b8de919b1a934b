"""Units that prose gives something to do: 区财政局在卫生健康投入统筹安排…经费, without any label.

Units count when they open a sentence and stand before one of the verbs of ``data/units.toml``: a unit that is only
mentioned is no duty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.datafiles import load
from corpus.model import Role, UnitRef
from corpus.offices.unit_lists import is_office, split_units
from corpus.offices.units import collectives, office_of

_SENTENCE = re.compile(r"[。；;，,\n]")
_LONGEST_SUBJECT = 60
_SHORTEST_OFFICE = 3


@dataclass(frozen=True, slots=True)
class _Opening:
    """A sentence's opening read as names and a verb of duty."""

    names: str
    verb: str


@cache
def _verbs() -> re.Pattern[str]:
    duty = load("units")["duty"]
    return re.compile(
        "|".join(sorted((*duty["verbs"], *duty["lead_verbs"], *duty["cooperating_verbs"]), key=len, reverse=True))
    )


def find_duties(text: str, known: frozenset[str]) -> tuple[UnitRef, ...]:
    """Return the named units that open a sentence of ``text`` with a verb of duty; ``known`` are the plan's names."""
    names = {*known, *_bare_names(known)}
    found: dict[str, UnitRef] = {}
    for sentence in _SENTENCE.split(text):
        for unit in _sentence_units(sentence.strip(), names):
            found.setdefault(unit.printed, unit)
    return tuple(found.values())


def _sentence_units(sentence: str, known: set[str]) -> Iterator[UnitRef]:
    """Yield the units of the shortest opening that is a list of units and a verb; collectives are no duty of one."""
    for opening in _openings(sentence):
        sides = re.split(load("responsibility")["verbs"]["together"], opening.names)
        units = tuple(unit for side in sides for unit in split_units(side))
        if units and all(_is_named(unit, known) for unit in units):
            for unit in units:
                if not _is_collective(unit):
                    yield UnitRef(unit, unit, _role(opening.verb))
            return


def _role(verb: str) -> Role:
    duty = load("units")["duty"]
    if verb in duty["lead_verbs"]:
        return Role.LEAD
    return Role.COOPERATING if verb in duty["cooperating_verbs"] else Role.RESPONSIBLE


def _openings(sentence: str) -> Iterator[_Opening]:
    if sentence.startswith(("（", "(")):
        return
    for verb in _verbs().finditer(sentence, 1, _LONGEST_SUBJECT):
        yield _Opening(sentence[: verb.start()].rpartition("由")[2], verb.group())


def _is_collective(name: str) -> bool:
    return name in collectives() or name.startswith("各") or "有关" in name


def _is_named(name: str, known: set[str]) -> bool:
    """Whether a name is one of the plan's, a listed office, a collective, or certainly a unit by its form."""
    forms = load("units")["form"]
    office = len(name) >= _SHORTEST_OFFICE and name.endswith((*forms["strong_endings"], *forms["duty_endings"]))
    return name in known or _is_collective(name) or office_of(name) is not None or (office and is_office(name))


@lru_cache(maxsize=16)
def _bare_names(known: frozenset[str]) -> set[str]:
    """Return names as prose shortens them: 区财政 for 区财政局."""
    bare = {office["base"]: office.get("bare", []) for office in load("units")["office"]}
    offices = [office for name in known if (office := office_of(name))]
    return {office.level + form for office in offices for form in bare[office.base]}
