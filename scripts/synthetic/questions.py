"""Questions about a synthetic corpus; what answers them is known from how the corpus was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from random import Random

import msgspec

from corpus.model import ClauseKind
from scripts.synthetic.made import MadeClause, MadePlan
from scripts.synthetic.places import District, districts
from scripts.synthetic.plans import make_plan
from scripts.synthetic.words import load

Identity = tuple[int, int]
"""Number of a district, and which of its plans."""


class Kind(StrEnum):
    """What a question has to be answered by."""

    DUTY = "duty"
    """A district's office: every clause that names it, and no other."""
    FILTERED = "filtered"
    """A subject in one district: the clauses about it are among those found."""
    UNFILTERED = "unfiltered"
    """A project that one plan in all the corpus has: its clauses are among those found."""


class SyntheticQuestion(msgspec.Struct, frozen=True):
    """A question with its answer."""

    kind: Kind
    text: str
    district: str
    """Empty where the question names none."""
    gold: tuple[str, ...]
    """What the clauses that answer it say, each word for word inside the text of the clause."""


def make_questions(identities: Sequence[Identity], seed: int, each: int) -> tuple[SyntheticQuestion, ...]:
    """Return up to ``each`` questions of each kind about the plans of a corpus, no two alike."""
    asker = _Asker(identities, seed)
    found: dict[str, SyntheticQuestion] = {}
    for make in (asker.duty, asker.filtered, asker.unfiltered):
        wanted = len(found) + each
        # A small corpus may not hold so many different questions: twice as many draws, then enough.
        for _ in range(each * 2):
            if len(found) == wanted:
                break
            question = make()
            found.setdefault(question.text, question)
    return tuple(found.values())


def write_questions(path: Path, questions: Sequence[SyntheticQuestion]) -> None:
    """Write a JSON line a question."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(msgspec.json.encode(question) + b"\n" for question in questions))


def read_questions(path: Path) -> tuple[SyntheticQuestion, ...]:
    """Return the questions of a file."""
    return tuple(msgspec.json.decode(line, type=SyntheticQuestion) for line in path.read_bytes().splitlines())


class _Asker:
    def __init__(self, identities: Sequence[Identity], seed: int) -> None:
        self._random = Random(f"{seed}:questions")
        self._seed = seed
        self._turns: dict[int, list[int]] = {}
        for number, turn in identities:
            self._turns.setdefault(number, []).append(turn)
        self._numbers = tuple(self._turns)

    def duty(self) -> SyntheticQuestion:
        """Ask what an office of a district is responsible for, by the name that some clause prints."""
        district, plans = self._district()
        clause = self._task(self._random.choice(plans))
        at = next(at for at, unit in enumerate(clause.units) if unit != clause.offices[at])
        office = clause.offices[at]
        unit = clause.units[at].removeprefix(district.level)
        gold = (one.body for plan in plans for one in plan.clauses if office in one.offices)
        return self._question(Kind.DUTY, district.name, gold, unit=unit)

    def filtered(self) -> SyntheticQuestion:
        """Ask about a subject in a district."""
        district, plans = self._district()
        clause = self._task(self._random.choice(plans))
        subject = self._random.choice(list(zip(clause.heads, clause.aspects, strict=True)))
        every = (one for plan in plans for one in plan.clauses)
        gold = (one.body for one in every if subject in zip(one.heads, one.aspects, strict=True))
        return self._question(Kind.FILTERED, district.name, gold, head=subject[0], aspect=subject[1])

    def unfiltered(self) -> SyntheticQuestion:
        """Ask about a project by its name."""
        _, plans = self._district()
        plan = self._random.choice(plans)
        clause = self._random.choice([clause for clause in plan.clauses if clause.project])
        gold = (one.body for one in plan.clauses if one.project == clause.project)
        return self._question(Kind.UNFILTERED, "", gold, project=clause.project)

    def _district(self) -> tuple[District, tuple[MadePlan, ...]]:
        number = self._random.choice(self._numbers)
        return districts(self._seed)[number], _plans(self._seed, number, tuple(self._turns[number]))

    def _task(self, plan: MadePlan) -> MadeClause:
        return self._random.choice([clause for clause in plan.clauses if clause.kind is ClauseKind.TASK])

    def _question(self, kind: Kind, district: str, gold: Iterator[str], **words: str) -> SyntheticQuestion:
        pattern = self._random.choice(load("questions")[kind.value])
        text = pattern.format(district=district, **words)
        return SyntheticQuestion(kind, text, district, tuple(dict.fromkeys(gold)))


@lru_cache(maxsize=64)
def _plans(seed: int, number: int, turns: tuple[int, ...]) -> tuple[MadePlan, ...]:
    return tuple(make_plan(seed, number, turn) for turn in turns)
