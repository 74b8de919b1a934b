"""A morning costs what falls due on it: plans are looked through once, and what is told stays the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.notices.deadlines import AHEAD, told_on
from bot.notices.due_targets import DueTargets
from bot.notices.following import Subject, SubjectKind
from bot.notices.plan_days import Calendar
from bot.query.plan_repository import PlanRepository
from corpus.library.shipped import load_shipped_plans
from corpus.model import Clause
from tests.memory_catalogue import MemoryCatalogue

PLANS = load_shipped_plans()
SHELF = PlanRepository(MemoryCatalogue(PLANS))
YEAR_END = date(2026, 12, 31)
SUBJECTS = (
    *(Subject(SubjectKind.DISTRICT, plan.meta.district, plan.meta.district, "") for plan in PLANS),
    *(Subject(SubjectKind.PLAN, plan.meta.id, plan.meta.district, "") for plan in PLANS),
    *(Subject(SubjectKind.UNIT, unit.key, district, "")
      for plan in PLANS for unit in plan.units for district in ("", plan.meta.district)),
    *(Subject(SubjectKind.INDICATOR, row.name, "", "") for plan in PLANS for row in plan.indicators),
)  # fmt: skip


class Counting(MemoryCatalogue):
    """Counts the clauses that are read."""

    read = 0

    def clauses(self, plan_id: str, numbers: Sequence[int] | None = None) -> tuple[Clause, ...]:
        """Return clauses, and count them."""
        found = super().clauses(plan_id, numbers)
        self.read += len(found)
        return found


def test_the_calendar_changes_nothing_that_is_told() -> None:
    """Whatever is followed, on days with much, little and nothing due, the same is told with it as without."""
    calendar = Calendar.of(SHELF)
    days = [YEAR_END - timedelta(days=ahead + more) for ahead in (*AHEAD, 400) for more in range(5)]
    told = 0
    for today in days:
        with_it, without = told_on(SHELF, today, calendar), told_on(SHELF, today)
        every, all_of = DueTargets(SHELF, today, calendar=calendar), DueTargets(SHELF, today)
        for subject in SUBJECTS:
            assert with_it.of((subject,)) == without.of((subject,))
            assert every.of((subject,)) == all_of.of((subject,))
            told += len(with_it.of((subject,)))
        assert with_it.of(SUBJECTS) == without.of(SUBJECTS)
    assert told


def test_a_morning_reads_what_is_due_and_nothing_else() -> None:
    """On a day on which nothing is told no clause is read; on another each is read once, whoever follows it."""
    catalogue = Counting(PLANS)
    shelf = PlanRepository(catalogue)
    calendar = Calendar.of(shelf)
    looked = catalogue.read
    nothing = told_on(shelf, YEAR_END - timedelta(days=50), calendar)
    assert not [due for subject in SUBJECTS for due in nothing.of((subject,))]
    assert catalogue.read == looked
    much = told_on(shelf, YEAR_END - timedelta(days=30), calendar)
    assert [due for subject in SUBJECTS for due in much.of((subject,))]
    assert 0 < catalogue.read - looked < sum(len(plan.clauses) for plan in PLANS)


def test_only_a_plan_that_changed_is_looked_through_again() -> None:
    """What another state of a plan says is known; the other plans are not read again."""
    before = Calendar.of(SHELF)
    changed = replace(PLANS[0], sha256="changed", clauses=PLANS[0].clauses[:3])
    catalogue = Counting([changed, *PLANS[1:]])
    after = Calendar.of(PlanRepository(catalogue), before)
    assert catalogue.read == 3
    assert after.plans[PLANS[1].meta.id] is before.plans[PLANS[1].meta.id]
    assert after.plans[PLANS[0].meta.id] != before.plans[PLANS[0].meta.id]
