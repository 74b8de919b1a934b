"""The digest: what a chat's subjects answer for, how long is left, and what has changed; short, the list a tap away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.answering.answer import Answer, Countdown
from bot.answering.countdown import first_day
from bot.messages import say
from bot.notices.compose import compose
from bot.notices.deadlines import day_name, due_of, full_lists
from bot.notices.following import Subject, SubjectKind
from bot.notices.subjects import clauses_of, last_day
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, ClauseKind

_OF_UNITS = (ClauseKind.TASK, ClauseKind.DUTY)
_OF_PLANS = (ClauseKind.TASK,)
"""As the full list counts them."""
NEAR = 30
"""Days before something is due from which a digest is sent for it."""


def _start(shelf: PlanRepository, clauses: tuple[Clause, ...], today: date) -> date:
    """Return the first day of the plans that clauses stand in, today where none is known."""
    return min((day for plan in shelf.plans_with(clauses) if (day := first_day(plan.meta))), default=today)


def _ended(shelf: PlanRepository, clauses: tuple[Clause, ...], today: date) -> date | None:
    """Return when the last of the plans ended that clauses stand in, None while one of them goes on."""
    ends = [last_day(plan.meta) for plan in shelf.plans_with(clauses)]
    known = [end for end in ends if end is not None and end < today]
    return max(known) if known and len(known) == len(ends) else None


def is_worth_telling(
    shelf: PlanRepository, subjects: tuple[Subject, ...], changes: tuple[str, ...], today: date, since: date
) -> bool:
    """Whether a digest says something new: a change, something due soon, or a plan that has ended since the last one.

    ``since`` is the day of the digest before.
    """
    soon = today + timedelta(days=NEAR)
    if changes or any(due.day <= soon for due in due_of(shelf, subjects, today)):
        return True
    return any(
        (end := _ended(shelf, clauses_of(shelf, subject), today)) is not None and end >= since for subject in subjects
    )


def digest_notice(
    shelf: PlanRepository, subjects: tuple[Subject, ...], changes: tuple[str, ...], today: date
) -> tuple[Answer, ...]:
    """Return the messages of a digest; ``changes`` are the headlines of what was told since the last one."""
    lines, countdowns = [], []
    for subject in subjects:
        counted = _OF_PLANS if subject.kind in (SubjectKind.PLAN, SubjectKind.DISTRICT) else _OF_UNITS
        clauses = clauses_of(shelf, subject)
        tasks = sum(clause.kind in counted for clause in clauses)
        dues = due_of(shelf, (subject,), today)
        if dues:
            first = dues[0].day
            soonest = sum(due.day == first for due in dues)
            left = (first - today).days
            countdowns.append(Countdown(subject.name, min(_start(shelf, clauses, today), today), today, first, soonest))
            lines.append(
                say("digest.line", name=subject.name, tasks=tasks, day=day_name(first), left=left, count=soonest)
            )
        elif (end := _ended(shelf, clauses, today)) is not None:
            lines.append(say("digest.line_ended", name=subject.name, day=day_name(end)))
        else:
            lines.append(say("digest.line_without", name=subject.name, tasks=tasks))
    lines += changes or (say("digest.no_changes"),)
    headline = say("digest.headline", day=day_name(today))
    parts = compose(headline, lines, choices=full_lists(subjects))
    return (*parts[:-1], replace(parts[-1], countdowns=tuple(countdowns), picture=bool(countdowns)))
