"""How many days the plans still have."""

from __future__ import annotations

from datetime import date

from bot.answering.answer import Answer, AnswerKind, Choice, Countdown, Section, source_of
from bot.answering.declines import decline, districts_name
from bot.messages import say
from bot.query.grouping import group
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query
from corpus.model import PlanMeta
from index.catalogue import OpenPlan

_DECEMBER = 12
_NAMED = 3
"""Districts named in the first line; of more, their number."""


def first_day(meta: PlanMeta) -> date | None:
    """Return the day from which a plan runs: that of its first year, or else of its issue."""
    return date(meta.start, 1, 1) if meta.start else meta.issued


def countdown_answer(shelf: PlanRepository, query: Query, today: date) -> Answer:
    """Return, by plan, the days left to the end of its last year."""
    plans = [plan for plan in shelf.plans_of(query.where.districts) if plan.meta.end]
    if not plans:
        return decline("countdown.none", districts=districts_name(shelf, query.where.districts))
    by_due: dict[date, list[OpenPlan]] = {}
    for plan in plans:
        by_due.setdefault(date(plan.meta.end or today.year, _DECEMBER, 31), []).append(plan)
    lines, countdowns = [], []
    for due, own in by_due.items():
        for plan in own if due >= today else ():
            tasks, start = len(group(plan.tasks)), first_day(plan.meta) or today
            lines.append(say("countdown.line", **_when(due, today), district=shelf.name(plan), tasks=tasks))
            countdowns.append(Countdown(shelf.name(plan), min(start, today), today, due, tasks))
    return Answer(
        AnswerKind.FACT,
        answered=True,
        headline="；".join(_headline(shelf, own, due, today) for due, own in by_due.items()),
        sections=(Section("", tuple(lines), ()),) if lines else (),
        sources=tuple(source_of(plan.meta) for plan in plans),
        choices=(Choice(say("choice.picture"), say("choice.say_picture")),) if countdowns else (),
        countdowns=tuple(countdowns),
    )


def _headline(shelf: PlanRepository, plans: list[OpenPlan], due: date, today: date) -> str:
    names = "、".join(map(shelf.name, plans))
    if len(plans) > _NAMED:
        names = say("countdown.plans", count=len(plans))
    return say("countdown.one" if due >= today else "countdown.past", **_when(due, today), district=names)


def _when(due: date, today: date) -> dict[str, int]:
    return {"year": due.year, "month": due.month, "day": due.day, "left": (due - today).days}
