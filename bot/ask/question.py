"""What is asked: an immutable value made from a message by data alone, kept between messages as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """The kinds of question."""

    DUTIES = "duties"
    WHO = "who"
    TARGET = "target"
    BASELINE = "baseline"
    TOPIC = "topic"
    CLAUSE = "clause"
    COUNT = "count"
    DEADLINE = "deadline"
    RECURRING = "recurring"
    PLANS = "plans"
    TASKS = "tasks"
    UNITS = "units"
    INDICATORS = "indicators"
    LINT = "lint"
    COUNTDOWN = "countdown"
    META = "meta"
    HELP = "help"
    EMPTY = "empty"
    ASKED = "asked"
    """Asks for a kind of thing that plans seldom hold (a person, a price)."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A piece of the message that was read as something else."""

    typed: str
    read: str


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A clause asked for by its number: 4.2.2, or 第五部分第二条 as (五, 二)."""

    dotted: str = ""
    parts: tuple[int, ...] = ()
    place: str = ""
    """body, annex, or empty where the message does not say."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; empty fields are not asked for."""

    kind: Kind
    text: str
    """The message, cleaned and corrected."""
    topic: str = ""
    """What is left of the message without districts, units and words of asking."""
    districts: tuple[str, ...] = ()
    """Named in the message, or the chat's default."""
    foreign: tuple[str, ...] = ()
    """Places named that have no plan here."""
    units: tuple[str, ...] = ()
    """Keys of the units named."""
    unit_names: tuple[str, ...] = ()
    """The same as typed."""
    unit_groups: tuple[tuple[str, ...], ...] = ()
    """For each name its keys: 街道 is 各街道 in one plan and 街道办事处 in another."""
    named_districts: bool = False
    """Whether the message itself named the districts (or all of them)."""
    unknown_units: tuple[str, ...] = ()
    """Names with a unit's form that nobody knows, and offices that no plan names."""
    options: tuple[str, ...] = ()
    """Units that a short form may mean; asked back."""
    clause: ClauseRef | None = None
    years: tuple[int, ...] = ()
    before: date | None = None
    lead_only: bool = False
    compare: bool = False
    count: bool = False
    with_figures: bool = False
    """Only clauses with a number to be reached."""
    when: bool = False
    """A time is asked for."""
    all_units: bool = False
    """Name all units of each clause, not only the one asked about."""
    apart: bool = False
    """Several units are asked about one by one, not together."""
    asked: str = ""
    """Kind of thing asked for that plans seldom hold (money, person)."""
    field: str = ""
    """For META: issued, issuer, period, title."""
    corrections: tuple[Correction, ...] = ()
    context: str = ""
    """Topic of the question before, where this one goes on with it."""
    expand: int = 0
    """Entry to show in full; -1 for all."""

    def to_json(self) -> str:
        """Return the question as one line of JSON."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> Question | None:
        """Read a question; None for an empty or unreadable one."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError:
            return None
