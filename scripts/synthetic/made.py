"""What the generator knows about a plan that it has made: the parser and the bot are measured against it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.blocks import Block
from corpus.model import ClauseKind, PlanMeta


@dataclass(frozen=True, slots=True)
class MadeTarget:
    """A number to be reached, as it was meant."""

    what: str
    value: float
    comparator: str
    counter: str
    year: int
    total: bool
    """Whether it counts all there is then, not what is added."""


@dataclass(frozen=True, slots=True)
class MadeClause:
    """A clause, as it was meant."""

    kind: ClauseKind
    body: str
    """What it says, without number and label: stands word for word in the parsed clause's text."""
    units: tuple[str, ...] = ()
    """Names as printed."""
    offices: tuple[str, ...] = ()
    """For each of ``units`` the office's name in data/offices.toml, or the unit's own name where it is none."""
    targets: tuple[MadeTarget, ...] = ()
    heads: tuple[str, ...] = ()
    """Subjects of its parts, in order; with ``aspects`` of the same length."""
    aspects: tuple[str, ...] = ()
    project: str = ""
    """Name of the project that no other plan has."""


@dataclass(frozen=True, slots=True)
class MadeIndicator:
    """A row of the indicator table, as it was meant."""

    name: str
    counter: str
    values: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class MadePlan:
    """A plan's blocks, ready to be kept as an added plan, and what they mean."""

    meta: PlanMeta
    blocks: tuple[Block, ...]
    clauses: tuple[MadeClause, ...]
    indicators: tuple[MadeIndicator, ...]
