"""What the files under ``tests/phrasings`` hold: wordings with slots, and what is put into the slots."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).resolve().parents[3] / "tests" / "phrasings"
PLANS = FOLDER / "plans"
HALVES = ("seen", "unseen")
GROUPS = ("duties", "who", "target", "only", "joint", "lead", "count", "rank", "topic_filter", "absent")


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit that is asked about, in every plan that names it."""

    typed: list[str]
    """As people type it, without the level before its name."""
    plans: dict[str, str]
    """A plan's id → the unit's canonical name there."""
    everywhere: bool = True
    """Whether it may be asked about without a district; then the lists of all its plans are expected."""
    levelless: bool = False
    """Whether its name has no level (区, 市, 县) before it."""


class Absent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit that the plans in ``plans`` do not name."""

    typed: list[str]
    plans: list[str]


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A topic, and which clauses of a unit speak of it."""

    plan: str
    unit: str
    """As the unit is typed."""
    topic: str
    clauses: list[str]
    """Words that begin, or stand in, the clauses that speak of it."""
    optional: list[str] = []
    """The same of clauses of which a reader could doubt it."""


class Units(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``units.toml``."""

    unit: list[Office]
    absent: list[Absent]


class Things(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``things.toml``."""

    things: dict[str, dict[str, list[str]]]
    """A plan's id → a thing's name → words of each clause that holds it."""
    figures: dict[str, dict[str, str]]
    """A plan's id → what is counted → the number to reach."""
    topic: list[Topic]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def wordings(half: str) -> dict[str, list[str]]:
    """Return the wordings of a half by group; ValueError when the file is no such table."""
    return msgspec.convert(_read(f"{half}.toml"), dict[str, list[str]])


@cache
def units() -> Units:
    """Return the units that are asked about; ValueError when the file is no such table."""
    return msgspec.convert(_read("units.toml"), Units)


@cache
def things() -> Things:
    """Return things, figures and topics; ValueError when the file is no such table."""
    return msgspec.convert(_read("things.toml"), Things)
