"""What can be looked up in the plans without searching: one interface, whatever keeps them.

A catalogue never holds all plans in memory. Plans come one at a time, with their clauses read when they are asked
for; names and counts come from tables that were made when a plan was added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from corpus.model import Clause, ClauseKind, Dropped, Indicator, ParseProblem, Plan, PlanMeta, Unit

KEPT_PLANS = 64
"""Opened plans kept in memory: what a day's chats ask about again and again."""


@dataclass(frozen=True, slots=True)
class PlanHeader:
    """A plan without its clauses."""

    meta: PlanMeta
    sha256: str
    ids: tuple[str, ...]
    """Of its clauses, in reading order."""
    units: tuple[Unit, ...]
    indicators: tuple[Indicator, ...]
    dropped: tuple[Dropped, ...]
    problems: tuple[ParseProblem, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many clauses of one plan name a unit."""

    plan: str
    district: str
    clauses: int


class Catalogue(Protocol):
    """The plans of one snapshot; safe to share between threads."""

    @property
    def districts(self) -> tuple[str, ...]:
        """Districts with a plan, in the order of the plans."""

    @property
    def counts(self) -> tuple[int, int]:
        """How many plans and how many clauses there are."""

    def plan_ids(self, districts: Collection[str] = ()) -> tuple[str, ...]:
        """Return the ids of the districts' plans in order; of all plans for none."""

    def header(self, plan_id: str) -> PlanHeader:
        """Return a plan without its clauses; KeyError when there is none with this id."""

    def clauses(self, plan_id: str, numbers: Sequence[int] | None = None) -> tuple[Clause, ...]:
        """Return those of a plan's clauses with these numbers (from 0, in reading order); all of them for None."""

    def naming(self, plan_id: str, key: str) -> tuple[Clause, ...]:
        """Return the plan's clauses that name a unit, in reading order."""

    def find(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """Return the clauses with these ids, without those that there are not."""

    def rows(self, rows: Sequence[int]) -> dict[int, Clause]:
        """Return the clauses in these rows of the index, without those that there are not."""

    def tallies(self, key: str) -> tuple[Tally, ...]:
        """Return every plan whose directory has a unit, in order."""

    def forms(self) -> Iterable[tuple[str, str]]:
        """Return every name with the key of the unit that it may mean, in the order of the plans."""

    def collectives(self) -> tuple[Unit, ...]:
        """Return the collectives of the plans, one for each name with the same members."""

    def indicator_names(self) -> tuple[str, ...]:
        """Return the names of all indicators, each once."""

    def known_pairs(self, pairs: Collection[str]) -> frozenset[str]:
        """Return those of these pairs of characters that stand in some plan."""

    def sample(self, most: int) -> tuple[Clause, ...]:
        """Return up to about ``most`` clauses, whole plans spread over all of them."""


class OpenPlan:
    """A plan of a catalogue; its clauses are read at the first use."""

    def __init__(self, catalogue: Catalogue, plan_id: str) -> None:
        self._catalogue = catalogue
        self._header = catalogue.header(plan_id)
        self._naming: dict[str, tuple[Clause, ...]] = {}
        self.meta: PlanMeta = self._header.meta
        self.sha256 = self._header.sha256
        self.units: tuple[Unit, ...] = self._header.units
        self.indicators: tuple[Indicator, ...] = self._header.indicators

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every citable piece in reading order, all kinds."""
        return self._catalogue.clauses(self.meta.id)

    @cached_property
    def tasks(self) -> tuple[Clause, ...]:
        """The clauses that carry units of their own."""
        return tuple(clause for clause in self.clauses if clause.kind is ClauseKind.TASK)

    @cached_property
    def whole(self) -> Plan:
        """The plan as the parser made it."""
        header = self._header
        return Plan(
            header.meta, header.sha256, self.clauses, header.indicators, header.units, header.dropped, header.problems
        )

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {clause_id: number for number, clause_id in enumerate(self._header.ids)}

    def find(self, clause_ids: Sequence[str]) -> tuple[Clause, ...]:
        """Return the plan's clauses with these ids, without those that it has not."""
        numbers = [self._numbers[one] for one in clause_ids if one in self._numbers]
        return self._catalogue.clauses(self.meta.id, numbers) if numbers else ()

    @cached_property
    def _by_key(self) -> dict[str, Unit]:
        return {unit.key: unit for unit in reversed(self.units)}

    @cached_property
    def keys(self) -> dict[str, str]:
        """The key of each unit by the name the plan calls it."""
        return {unit.name: unit.key for unit in self.units}

    def unit(self, key: str) -> Unit | None:
        """Return the plan's unit with a key."""
        return self._by_key.get(key)

    def naming(self, key: str) -> tuple[Clause, ...]:
        """Return the clauses that name a unit, in reading order."""
        found = self._naming.get(key)
        if found is None:
            found = self._naming[key] = self._catalogue.naming(self.meta.id, key) if key in self._by_key else ()
        return found

    def indicator(self, clause_id: str) -> Indicator:
        """Return the row of the indicator table that a clause stands for."""
        return next(row for row in self.indicators if row.id == clause_id)
