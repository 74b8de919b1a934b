"""The digest: what a chat's subjects answer for, how long is left, and what has changed; short, the list a tap away."""

from __future__ import annotations

from datetime import date

from bot.ask.answer import Answer
from bot.ask.shelf import Shelf
from bot.messages import say
from bot.notices.compose import compose
from bot.notices.deadlines import day_name, due_of, full_lists
from bot.notices.following import Subject
from bot.notices.subjects import clauses_of
from corpus.model import ClauseKind

_COUNTED = (ClauseKind.TASK, ClauseKind.DUTY)


def digest_notice(
    shelf: Shelf, subjects: tuple[Subject, ...], changes: tuple[str, ...], today: date
) -> tuple[Answer, ...]:
    """Return the messages of a digest; ``changes`` are the headlines of what was told since the last one."""
    lines = []
    for subject in subjects:
        tasks = sum(clause.kind in _COUNTED for clause in clauses_of(shelf, subject))
        dues = due_of(shelf, (subject,), today)
        if dues:
            first = dues[0].day
            soonest = sum(due.day == first for due in dues)
            left = (first - today).days
            lines.append(
                say("digest.line", name=subject.name, tasks=tasks, day=day_name(first), left=left, count=soonest)
            )
        else:
            lines.append(say("digest.line_without", name=subject.name, tasks=tasks))
    lines += changes or (say("digest.no_changes"),)
    headline = say("digest.headline", day=day_name(today))
    return compose(headline, lines, choices=full_lists(subjects))
