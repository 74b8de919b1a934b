"""What is due soon: targets with a date, some days ahead, gathered into one notice a chat and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.answering.answer import Answer, Choice
from bot.messages import say
from bot.notices.compose import compose
from bot.notices.due_targets import DueTarget, DueTargets
from bot.notices.following import Subject
from bot.notices.plan_days import Calendar
from bot.notices.subjects import question_of
from bot.notices.workdays import working_day_before
from bot.query.plan_repository import PlanRepository

AHEAD = (180, 90, 30, 7)
"""Days before a target is due at which its followers are told."""
MOST = 12
"""Targets shown of one due day; the rest is counted, and one button away."""
_NAMED = 3
"""Subjects named in a headline."""


def due_of(shelf: PlanRepository, subjects: Iterable[Subject], today: date) -> tuple[DueTarget, ...]:
    """Return what the subjects answer for that is not past; see ``DueTargets.of``."""
    return DueTargets(shelf, today).of(subjects)


def told_on(shelf: PlanRepository, today: date, calendar: Calendar | None = None) -> DueTargets:
    """Return what is told on a day: what is due so many days later.

    A day off moves the notice to the working day before, so that nobody hears later than promised.
    """
    days = frozenset(_days_told(today))
    return DueTargets(shelf, today, days.__contains__, calendar)


def _days_told(today: date) -> Iterator[date]:
    """Yield the days ``AHEAD`` of this one, and of the days off that follow it."""
    day = today
    while working_day_before(day) == today:
        yield from (day + timedelta(days=days) for days in AHEAD)
        day += timedelta(days=1)


def deadline_notice(told: DueTargets, subjects: tuple[Subject, ...]) -> tuple[Answer, ...]:
    """Return the messages of the day, none when nothing falls on it; ``told`` is what is told on it."""
    by_day: dict[date, list[DueTarget]] = {}
    for due in told.of(subjects):
        by_day.setdefault(due.day, []).append(due)
    if not by_day:
        return ()
    lines = []
    for day, own in by_day.items():
        lines.append(say("deadlines.day", day=day_name(day), left=(day - told.today).days, count=len(own)))
        lines += [say("deadlines.line", place=due.place, words=due.words) for due in own[:MOST]]
        if len(own) > MOST:
            lines.append(say("deadlines.more", count=len(own) - MOST))
    headline = say("deadlines.headline", names=names_of(subjects))
    return compose(headline, lines, choices=full_lists(subjects))


def day_name(day: date) -> str:
    """2027年12月31日."""
    return say("deadlines.date", year=day.year, month=day.month, day=day.day)


def names_of(subjects: Iterable[Subject]) -> str:
    """Return the subjects' names as a list, the first few of many."""
    names = [subject.name for subject in subjects]
    listed = say("following.comma").join(names[:_NAMED])
    return listed if len(names) <= _NAMED else say("following.and_more", names=listed, count=len(names))


def full_lists(subjects: tuple[Subject, ...]) -> tuple[Choice, ...]:
    """Return a button to the full list of each of the first subjects."""
    return tuple(
        Choice(say("following.full_list", name=subject.name), question_of(subject)) for subject in subjects[:3]
    )
