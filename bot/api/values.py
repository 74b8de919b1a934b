"""What other programs send and get; the schemas of both interfaces are made from these types."""

from __future__ import annotations

from typing import Annotated

import msgspec

from bot.answering.answer import Answer, AnswerKind, Choice, Citation, Section, Source
from bot.render.text import answer_text
from corpus.model import Clause, Indicator, PlanMeta, Unit

QUESTION_CHARACTERS = 1_000
NAME_CHARACTERS = 200
EARLIER = 5
"""Earlier messages of the same conversation, at most."""
MOST_ITEMS = 200
"""Of a list at once."""

Question = Annotated[str, msgspec.Meta(min_length=1, max_length=QUESTION_CHARACTERS)]
Name = Annotated[str, msgspec.Meta(max_length=NAME_CHARACTERS)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=MOST_ITEMS)]
Offset = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question in words."""

    question: Question
    district: Name = ""
    earlier: Annotated[tuple[Question, ...], msgspec.Meta(max_length=EARLIER)] = ()


class Everything(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


class InDistrict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of one district's, or of every district's."""

    district: Name = ""
    limit: Limit = 50
    offset: Offset = 0


class OfPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of what one plan holds."""

    plan: Name
    unit: Name = ""
    limit: Limit = 50
    offset: Offset = 0


class ById(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing by its id."""

    id: Name


class Answered(msgspec.Struct, frozen=True):
    """An answer: as data, as text, and with every clause that it stands on."""

    answered: bool
    kind: AnswerKind
    headline: str
    text: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    clauses: tuple[Citation, ...]
    sources: tuple[Source, ...]
    choices: tuple[Choice, ...]
    declined: str


class PlanFacts(msgspec.Struct, frozen=True):
    """A plan, and how much it holds."""

    meta: PlanMeta
    tasks: int
    clauses: int
    units: int
    indicators: int


class UnitFacts(msgspec.Struct, frozen=True):
    """A unit of a plan, and how many of its clauses name it."""

    plan: str
    unit: Unit
    clauses: int


class Plans(msgspec.Struct, frozen=True):
    """Every plan."""

    total: int
    items: tuple[PlanFacts, ...]


class Units(msgspec.Struct, frozen=True):
    """Some of the units."""

    total: int
    items: tuple[UnitFacts, ...]


class Indicators(msgspec.Struct, frozen=True):
    """Some of the indicators."""

    total: int
    items: tuple[Indicator, ...]


class Clauses(msgspec.Struct, frozen=True):
    """Some of the clauses."""

    total: int
    items: tuple[Clause, ...]


class Problem(msgspec.Struct, frozen=True):
    """Why there is no result."""

    error: str
    message: str


def answered(answer: Answer) -> Answered:
    """Return an answer as it goes out."""
    return Answered(
        answer.answered, answer.kind, answer.headline, answer_text(answer), answer.sections, answer.notes,
        answer.citations, answer.sources, answer.choices, answer.declined,
    )  # fmt: skip
