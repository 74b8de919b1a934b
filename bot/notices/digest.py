"""The digest: what a chat's subjects answer for, how long is left, and what has changed; short, the list a tap away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot.answering.answer import Answer, Countdown
from bot.answering.countdown import first_day
from bot.messages import say
from bot.notices.compose import compose
from bot.notices.deadlines import day_name, full_lists
from bot.notices.due_targets import DueTargets
from bot.notices.following import Subject, SubjectKind
from bot.notices.plan_days import Calendar
from bot.notices.subjects import clauses_of, last_day
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, ClauseKind, PlanMeta

_OF_UNITS = (ClauseKind.TASK, ClauseKind.DUTY)
_OF_PLANS = (ClauseKind.TASK,)
"""As the full list counts them."""
NEAR = 30
"""Days before something is due from which a digest is sent for it."""


def _start(shelf: PlanRepository, clauses: tuple[Clause, ...], today: date) -> date:
    """Return the first day of the plans that clauses stand in, today where none is known."""
    return min((day for plan in shelf.plans_with(clauses) if (day := first_day(plan.meta))), default=today)


def _ended(plans: Iterable[PlanMeta], today: date) -> date | None:
    """Return when the last of the plans ended, None while one of them goes on."""
    ends = [last_day(meta) for meta in plans]
    known = [end for end in ends if end is not None and end < today]
    return max(known) if known and len(known) == len(ends) else None


def is_worth_telling(subjects: tuple[Subject, ...], changes: tuple[str, ...], soon: DueTargets, since: date) -> bool:
    """Whether a digest says something new: a change, something due soon, or a plan that has ended since the last one.

    ``soon`` is from ``due_soon``, ``since`` the day of the digest before.
    """
    if changes or soon.of(subjects):
        return True
    ends = (_ended(soon.metas(subject), soon.today) for subject in subjects)
    return any(end is not None and end >= since for end in ends)


def due_soon(shelf: PlanRepository, today: date, calendar: Calendar | None = None) -> DueTargets:
    """Return what is due so soon that a digest is sent for it."""
    return DueTargets(shelf, today, (today + timedelta(days=NEAR)).__ge__, calendar)


def digest_notice(
    shelf: PlanRepository, subjects: tuple[Subject, ...], changes: tuple[str, ...], due: DueTargets
) -> tuple[Answer, ...]:
    """Return the messages of a digest; ``changes`` are the headlines of what was told since the last one.

    ``due`` is all that falls due from the digest's day on.
    """
    lines, countdowns, today = [], [], due.today
    for subject in subjects:
        counted = _OF_PLANS if subject.kind in (SubjectKind.PLAN, SubjectKind.DISTRICT) else _OF_UNITS
        clauses = clauses_of(shelf, subject)
        tasks = sum(clause.kind in counted for clause in clauses)
        dues = due.of((subject,))
        if dues:
            first = dues[0].day
            soonest = sum(one.day == first for one in dues)
            left = (first - today).days
            countdowns.append(Countdown(subject.name, min(_start(shelf, clauses, today), today), today, first, soonest))
            lines.append(
                say("digest.line", name=subject.name, tasks=tasks, day=day_name(first), left=left, count=soonest)
            )
        elif (end := _ended(due.metas(subject), today)) is not None:
            lines.append(say("digest.line_ended", name=subject.name, day=day_name(end)))
        else:
            lines.append(say("digest.line_without", name=subject.name, tasks=tasks))
    lines += changes or (say("digest.no_changes"),)
    headline = say("digest.headline", day=day_name(today))
    parts = compose(headline, lines, choices=full_lists(subjects))
    return (*parts[:-1], replace(parts[-1], countdowns=tuple(countdowns), picture=bool(countdowns)))
