"""On which days something in a plan falls due: each state of a plan is looked through once, whoever follows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from bot.notices.subjects import last_day
from bot.query.due import target_days
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, PlanMeta, Target

Wanted = Callable[[date], bool]
"""Whether what falls due on a day is asked for."""
_UNDATED = Target("", None, None, "=", "", None, None, "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class PlanDays:
    """One state of a plan: times as its targets state them, each with the numbers of its clauses."""

    meta: PlanMeta
    sha256: str
    times: tuple[tuple[Target, tuple[int, ...]], ...]
    """Of the targets only year, deadline and recurrence are kept."""

    def numbers(self, today: date, wanted: Wanted) -> tuple[int, ...]:
        """Return the clauses of which something falls due on a wanted day from ``today`` on, in reading order."""
        end = last_day(self.meta)
        found = {
            number
            for target, numbers in self.times
            if any(day >= today and wanted(day) for day in target_days(target, today, end))
            for number in numbers
        }
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every plan's days, and the plans that have each indicator."""

    plans: Mapping[str, PlanDays]
    indicators: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, shelf: PlanRepository, before: Calendar | None = None) -> Self:
        """Look through all plans but those that are as they were ``before``."""
        known = before.plans if before else {}
        plans: dict[str, PlanDays] = {}
        indicators: dict[str, list[str]] = {}
        for plan_id in shelf.catalogue.plan_ids():
            header = shelf.catalogue.header(plan_id)
            days = known.get(plan_id)
            if days is None or (days.sha256, days.meta) != (header.sha256, header.meta):
                days = PlanDays(header.meta, header.sha256, _times(shelf.catalogue.clauses(plan_id)))
            plans[plan_id] = days
            for name in dict.fromkeys(row.name for row in header.indicators):
                indicators.setdefault(name, []).append(plan_id)
        return cls(plans, {name: tuple(ids) for name, ids in indicators.items()})


def _times(clauses: tuple[Clause, ...]) -> tuple[tuple[Target, tuple[int, ...]], ...]:
    found: dict[Target, dict[int, None]] = {}
    for number, clause in enumerate(clauses):
        for target in clause.targets:
            time = replace(_UNDATED, year=target.year, deadline=target.deadline, recurrence=target.recurrence)
            found.setdefault(time, {})[number] = None
    return tuple((time, tuple(numbers)) for time, numbers in found.items())
