"""What is due soon: targets with a date, some days ahead, gathered into one notice a chat and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.answering.answer import Answer, Choice
from bot.answering.figures import counted
from bot.messages import say
from bot.notices.compose import compose, quoted
from bot.notices.following import Subject
from bot.notices.subjects import indicators_of, last_day, place_in, plans_touched, question_of, touches
from bot.notices.workdays import working_day_before
from bot.query.due import target_days
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, PlanMeta, Target
from index.catalogue import OpenPlan

AHEAD = (180, 90, 30, 7)
"""Days before a target is due at which its followers are told."""
MOST = 12
"""Targets shown of one due day; the rest is counted, and one button away."""
_NAMED = 3
"""Subjects named in a headline."""
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class DueTarget:
    """A target of a clause or an indicator, and its last day."""

    day: date
    place: str
    """Where its clause stands, as answers say it."""
    words: str
    """Verbatim."""


def due_of(shelf: PlanRepository, subjects: Iterable[Subject], today: date) -> tuple[DueTarget, ...]:
    """Return what the subjects answer for that is not past, soonest first; what stands in two places once.

    A passage is named once a day, with all the figures in it.
    """
    found: dict[object, DueTarget] = {}
    told: set[object] = set()
    for subject in subjects:
        for plan in plans_touched(shelf, subject):
            for clause in (one for one in plan.clauses if touches(plan, (one,), subject)):
                for target, due in _of_clause(plan.meta, clause, today):
                    what = (due.day, target.value, target.counter, target.what if target.value is None else "")
                    if not any((other, *what) in told for other in clause.counterparts):
                        # Passages of one clause that set the same number for different things are different.
                        found.setdefault((clause.id, due.day, due.words), due)
                    told.add((clause.id, *what))
            for key, due in _of_rows(shelf, plan, subject, today):
                found.setdefault(key, due)
    return tuple(sorted(dict.fromkeys(found.values()), key=lambda due: due.day))


def _of_rows(
    shelf: PlanRepository, plan: OpenPlan, subject: Subject, today: date
) -> Iterator[tuple[object, DueTarget]]:
    """Yield the indicators that are followed, each with the last year that it has a figure for."""
    for row in indicators_of(plan, subject):
        year, value = row.values[-1] if row.values else (0, "")
        if year >= today.year:
            words = say("render.figure", name=row.name, text=counted(value, row.counter))
            clause = shelf.clause(row.id)
            due = DueTarget(date(year, _DECEMBER, 31), place_in(plan.meta, clause) if clause else row.id, words)
            yield (row.id, due.day), due


def _of_clause(meta: PlanMeta, clause: Clause, today: date) -> Iterator[tuple[Target, DueTarget]]:
    for target in clause.targets:
        for day in target_days(target, today, last_day(meta)):
            if day >= today:
                yield target, DueTarget(day, place_in(meta, clause), quoted(target.quote))


def deadline_notice(shelf: PlanRepository, subjects: tuple[Subject, ...], today: date) -> tuple[Answer, ...]:
    """Return the messages of the day, none when nothing falls on it.

    A day off moves the notice to the working day before, so that nobody hears later than promised.
    """
    dues = due_of(shelf, subjects, today)
    told = {day: days for day in {due.day for due in dues} if (days := _ahead(day, today)) is not None}
    if not told:
        return ()
    lines = []
    for day in sorted(told):
        own = [due for due in dues if due.day == day]
        lines.append(say("deadlines.day", day=day_name(day), left=(day - today).days, count=len(own)))
        lines += [say("deadlines.line", place=due.place, words=due.words) for due in own[:MOST]]
        if len(own) > MOST:
            lines.append(say("deadlines.more", count=len(own) - MOST))
    headline = say("deadlines.headline", names=names_of(subjects))
    return compose(headline, lines, choices=full_lists(subjects))


def _ahead(day: date, today: date) -> int | None:
    return next((days for days in AHEAD if working_day_before(day - timedelta(days=days)) == today), None)


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
