"""The digest: what a chat's subjects answer for, how long is left, and what has changed; short, the list a tap away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.answering.answer import Answer, Countdown
from bot.answering.countdown import first_day
from bot.messages import say
from bot.notices.compose import compose
from bot.notices.deadlines import day_name, due_of, full_lists
from bot.notices.following import Kind, Subject
from bot.notices.subjects import clauses_of
from bot.query.shelf import Shelf
from corpus.model import Clause, ClauseKind

_OF_UNITS = (ClauseKind.TASK, ClauseKind.DUTY)
_OF_PLANS = (ClauseKind.TASK,)
"""As the full list counts them."""


def _start(shelf: Shelf, clauses: tuple[Clause, ...], today: date) -> date:
    """Return the first day of the plans that clauses stand in, today where none is known."""
    return min((day for plan in shelf.plans_with(clauses) if (day := first_day(plan.meta))), default=today)


def digest_notice(
    shelf: Shelf, subjects: tuple[Subject, ...], changes: tuple[str, ...], today: date
) -> tuple[Answer, ...]:
    """Return the messages of a digest; ``changes`` are the headlines of what was told since the last one."""
    lines, countdowns = [], []
    for subject in subjects:
        counted = _OF_PLANS if subject.kind in (Kind.PLAN, Kind.DISTRICT) else _OF_UNITS
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
        else:
            lines.append(say("digest.line_without", name=subject.name, tasks=tasks))
    lines += changes or (say("digest.no_changes"),)
    headline = say("digest.headline", day=day_name(today))
    parts = compose(headline, lines, choices=full_lists(subjects))
    return (*parts[:-1], replace(parts[-1], countdowns=tuple(countdowns), picture=bool(countdowns)))
