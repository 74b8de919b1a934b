"""A question about plans as a value: frozen, equal by its parts, with a JSON form and a JSON schema.

It says what is wanted (``select``), of which clauses (``where``), and how it is to be laid out (``group``, ``order``,
``count``). It is kept between the messages of a chat, printed by ``--explain``, and what tests are written against.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from corpus.model import Place, Role


class Select(StrEnum):
    """What is wanted."""

    TASKS = "tasks"
    UNITS = "units"
    """The units that answer for a topic; without a topic, every unit."""
    FIGURES = "figures"
    """Numbers to be reached, or as they stand at the start, of a topic."""
    PASSAGES = "passages"
    """What the plans say about a topic."""
    CLAUSE = "clause"
    PLANS = "plans"
    OUTLINE = "outline"
    """The parts of the plans, with how many tasks each has."""
    INDICATORS = "indicators"
    DATES = "dates"
    """How long the plans still run."""
    CONTRADICTIONS = "contradictions"
    DOCUMENT = "document"
    """A fact about the document itself: ``fact`` says which."""
    HELP = "help"


class Match(StrEnum):
    """How several units go together."""

    ALL = "all"
    ANY = "any"
    ONLY = "only"
    """The clause names these units and no other."""


class Aspect(StrEnum):
    """Which side of a topic is wanted."""

    ANY = ""
    STATE = "state"
    """As it stands at the start."""
    TIME = "time"
    """By when."""
    WHETHER = "whether"
    """Whether it is so: that a unit is named for it, or that the plans speak of it at all."""


class Order(StrEnum):
    """In what order a list comes."""

    PLAN = "plan"
    MOST = "most"
    FEWEST = "fewest"


class GroupBy(StrEnum):
    """What stands side by side, or one below the other."""

    NONE = ""
    UNIT = "unit"
    """Each unit on its own."""
    DISTRICT = "district"
    """The districts compared."""


class Fact(StrEnum):
    """Facts about a document."""

    NONE = ""
    ISSUED = "issued"
    ISSUER = "issuer"
    PERIOD = "period"
    FORCE = "force"
    """From when it is in force, and until when."""
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class UnitTerm:
    """A unit as asked for, with the keys that the name may mean: 街道 is 各街道 in one plan, 街道办事处 in another."""

    name: str
    keys: tuple[str, ...] = ()
    """None where no plan's directory knows the name."""
    ambiguous: bool = False
    """The keys are different units, and the person must say which."""


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A clause asked for by its number: 4.2.2, or 第五部分第二条 as (5, 2)."""

    dotted: str = ""
    parts: tuple[int, ...] = ()
    place: Place | None = None
    step: int = 0
    """So many clauses further on in the plan, or back where it is negative."""


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that hold together; an empty one lets everything through."""

    districts: tuple[str, ...] = ()
    units: tuple[UnitTerm, ...] = ()
    match: Match = Match.ALL
    role: Role | None = None
    without: tuple[UnitTerm, ...] = ()
    """Units left out of a ranking."""
    names: tuple[str, ...] = ()
    """Institutions and things, as the plans print them: every one stands in the clause."""
    topic: str = ""
    """What the clauses must speak of, in the asker's words: the one condition that needs a search."""
    years: tuple[int, ...] = ()
    before: date | None = None
    """The last day by which something may fall due."""
    dated: bool | None = None
    """Whether a day is printed by when it is due."""
    recurring: bool | None = None
    figures: bool | None = None
    """Whether there is a number to be reached."""
    assigned: bool | None = None
    """Whether a unit stands there."""
    differing: bool | None = None
    """Whether body and annex name different units for it."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One question."""

    select: Select
    where: Where = Where()
    clause: ClauseRef | None = None
    aspect: Aspect = Aspect.ANY
    fact: Fact = Fact.NONE
    thing: str = ""
    """A kind of thing that plans seldom hold (telephone, money), where one is asked for."""
    count: bool = False
    """The number is asked for; the list follows it."""
    group: GroupBy = GroupBy.NONE
    order: Order = Order.PLAN
    all_units: bool = False
    """Name all units of each entry, not only those asked about."""
    entry: int = 0
    """Entry to show in full; -1 for all."""
    core: str = ""
    """The heart of the topic, where reading could tell it from what is around it; looked for where all of it fails."""
    tentative: bool = False
    """The topic is only likely, or without one the role or match: where the list has nothing of it, the list is given
    without it, and that is told."""
    words: str = ""
    """What to search with where the plans' data has no answer: the message, cleaned and corrected."""
    earlier: str = ""
    """Topics of the questions before, where this one goes on with them."""

    def to_json(self) -> str:
        """Return the query as one line of JSON, parts that are empty left out."""
        return msgspec.json.encode(_without_defaults(self)).decode()

    @classmethod
    def from_json(cls, text: str) -> Query | None:
        """Read a query; None for an empty or unreadable one."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None


def schema() -> dict[str, Any]:
    """Return the JSON schema of a query."""
    return msgspec.json.schema(Query)


def _without_defaults(value: Any) -> Any:  # noqa: ANN401 - plain JSON values
    """Return a value as plain data, parts of it left out that are as they are by default."""
    if not is_dataclass(value):
        return msgspec.to_builtins([_without_defaults(one) for one in value] if isinstance(value, tuple) else value)
    said = ((one, getattr(value, one.name)) for one in fields(value))
    return {one.name: _without_defaults(part) for one, part in said if part != one.default}
