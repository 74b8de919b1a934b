"""The parsed plans, looked up by what a question names: a unit, a clause, an indicator, a district.

Built once per snapshot and never changed, so any number of threads may read it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from corpus.ids import short_district
from corpus.model import Clause, ClauseKind, Indicator, Plan, Unit
from corpus.units import includes


class Shelf:
    """Every plan with the look-ups that answers need."""

    def __init__(self, plans: tuple[Plan, ...]) -> None:
        self.plans = plans
        self.clauses: dict[str, Clause] = {clause.id: clause for plan in plans for clause in plan.clauses}
        self.order = {clause_id: number for number, clause_id in enumerate(self.clauses)}
        self.units: dict[str, list[Unit]] = defaultdict(list)
        self.indicators: dict[str, Indicator] = {}
        self._plan_by_id = {plan.meta.id: plan for plan in plans}
        self._by_unit: dict[tuple[str, str], list[Clause]] = defaultdict(list)
        for plan in plans:
            self._add(plan)

    def _add(self, plan: Plan) -> None:
        keys = {unit.name: unit.key for unit in plan.units}
        for unit in plan.units:
            self.units[unit.key].append(unit)
        for indicator in plan.indicators:
            self.indicators[indicator.id] = indicator
        for clause in plan.clauses:
            for ref in clause.units:
                self._by_unit[plan.meta.id, keys[ref.name]].append(clause)

    @property
    def districts(self) -> tuple[str, ...]:
        """Districts with a plan, in the order of the plans."""
        return tuple(dict.fromkeys(plan.meta.district for plan in self.plans))

    def plan(self, plan_id: str) -> Plan:
        """Return a plan by its id."""
        return self._plan_by_id[plan_id]

    def plans_of(self, districts: Iterable[str]) -> tuple[Plan, ...]:
        """Return the plans of the districts; all of them for none."""
        wanted = set(districts)
        return tuple(plan for plan in self.plans if not wanted or plan.meta.district in wanted)

    def unit_in(self, plan: Plan, key: str) -> Unit | None:
        """Return a plan's unit by its key."""
        return next(
            (unit for unit in self.units.get(key, ()) if unit in plan.units and unit.district == plan.meta.district),
            None,
        )

    def naming(self, plan: Plan, key: str) -> tuple[Clause, ...]:
        """Return the plan's clauses that name a unit, in the plan's order."""
        return tuple(self._by_unit.get((plan.meta.id, key), ()))

    def collectives_with(self, plan: Plan, name: str) -> tuple[Unit, ...]:
        """Return the plan's collectives that include a unit called ``name``."""
        return tuple(unit for unit in plan.units if includes(unit, name))

    def counterparts(self, clause: Clause) -> tuple[Clause, ...]:
        """Return the clauses that say the same in the other place."""
        return tuple(self.clauses[one] for one in clause.counterparts)

    def tasks(self, plan: Plan) -> tuple[Clause, ...]:
        """Return the plan's clauses that carry units of their own."""
        return tuple(clause for clause in plan.clauses if clause.kind is ClauseKind.TASK)

    def short(self, plan: Plan) -> str:
        """Return the short name of a plan's district (巴南)."""
        return short_district(plan.meta)
