"""A catalogue over plans that lie in memory: for a few plans that no snapshot holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from corpus.model import Clause, Plan, Unit
from index.catalogue import PlanHeader, Tally


class MemoryCatalogue:
    """The look-ups of ``Catalogue`` by going through the plans."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plans = {plan.meta.id: plan for plan in plans}

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """Districts with a plan, in the order of the plans."""
        return tuple(dict.fromkeys(plan.meta.district for plan in self._plans.values()))

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many plans and how many clauses there are."""
        return len(self._plans), len(self._all)

    @cached_property
    def _all(self) -> tuple[Clause, ...]:
        return tuple(clause for plan in self._plans.values() for clause in plan.clauses)

    def plan_ids(self, districts: Collection[str] = ()) -> tuple[str, ...]:
        """Return the ids of the districts' plans in order; of all plans for none."""
        return tuple(one for one, plan in self._plans.items() if not districts or plan.meta.district in districts)

    def header(self, plan_id: str) -> PlanHeader:
        """Return a plan without its clauses; KeyError when there is none with this id."""
        plan = self._plans[plan_id]
        ids = tuple(clause.id for clause in plan.clauses)
        return PlanHeader(plan.meta, plan.sha256, ids, plan.units, plan.indicators, plan.dropped, plan.problems)

    def clauses(self, plan_id: str, numbers: Sequence[int] | None = None) -> tuple[Clause, ...]:
        """Return those of a plan's clauses with these numbers (from 0, in reading order); all of them for None."""
        clauses = self._plans[plan_id].clauses
        return clauses if numbers is None else tuple(clauses[number] for number in numbers)

    def naming(self, plan_id: str, key: str) -> tuple[Clause, ...]:
        """Return the plan's clauses that name a unit, in reading order."""
        plan = self._plans[plan_id]
        names = {unit.name for unit in plan.units if unit.key == key}
        return tuple(clause for clause in plan.clauses if any(ref.name in names for ref in clause.units))

    def find(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """Return the clauses with these ids, without those that there are not."""
        return {clause.id: clause for clause in self._all if clause.id in clause_ids}

    def rows(self, rows: Sequence[int]) -> dict[int, Clause]:
        """Return the clauses in these places of all clauses."""
        return {row: self._all[row] for row in rows if row < len(self._all)}

    def tallies(self, key: str) -> tuple[Tally, ...]:
        """Return every plan whose directory has a unit, in order."""
        return tuple(
            Tally(plan.meta.id, plan.meta.district, len(self.naming(plan.meta.id, key)))
            for plan in self._plans.values() if any(unit.key == key for unit in plan.units)
        )  # fmt: skip

    def forms(self) -> Iterable[tuple[str, str]]:
        """Return every name with the key of the unit that it may mean, in the order of the plans."""
        units = [unit for plan in self._plans.values() for unit in plan.units]
        return dict.fromkeys((name, unit.key) for unit in units for name in (*unit.printed, unit.key, *unit.aliases))

    def collectives(self) -> tuple[Unit, ...]:
        """Return the collectives of the plans, one for each name with the same members."""
        units = [unit for plan in self._plans.values() for unit in plan.units if unit.collective]
        return tuple({(unit.name, unit.member_suffixes): unit for unit in units}.values())

    def indicator_names(self) -> tuple[str, ...]:
        """Return the names of all indicators, each once."""
        return tuple(dict.fromkeys(row.name for plan in self._plans.values() for row in plan.indicators))

    def known_pairs(self, pairs: Collection[str]) -> frozenset[str]:
        """Return those of these pairs of characters that stand in some plan."""
        texts = [*(clause.text for clause in self._all), *(name for name, _ in self.forms())]
        return frozenset(pair for pair in pairs if any(pair in text for text in texts))

    def sample(self, most: int) -> tuple[Clause, ...]:
        """Return up to ``most`` clauses, the first ones."""
        return self._all[:most]
