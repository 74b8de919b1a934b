"""By when a clause falls due: the times in its text, and the one under its label or in its column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from corpus.model import Clause, Target
from corpus.notation.dates import DueDate, find_due, find_times, label_due

_DECEMBER = 12
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年|[—\-–~～至])")
_SENTENCE = re.compile(r"[^。；;\n]+")
_CLAUSES = 4096


@lru_cache(_CLAUSES)
def dues(clause: Clause) -> tuple[DueDate, ...]:
    """Return the times that a clause states, those of its text before the one under its label."""
    label = label_due(clause.deadline) if clause.deadline else None
    return (*find_due(clause.body), *((label,) if label else ()))


def is_timed(clause: Clause, words: Iterable[str]) -> bool:
    """Whether a time stands under the clause's label, or in a sentence that holds one of the words."""
    wanted = tuple(words)
    held = (one for one in _SENTENCE.findall(clause.text) if any(word in one for word in wanted))
    return bool(clause.deadline) or any(find_times(one) for one in held)


def last_day(due: DueDate) -> date:
    """Return the last day that still counts."""
    return due.deadline or date(due.year, _DECEMBER, 31)


def due_by(clause: Clause, limit: date) -> bool:
    """Whether a clause states a time no later than ``limit``."""
    return any(last_day(due) <= limit for due in dues(clause))


def due_days(clause: Clause) -> tuple[str, ...]:
    """Return the times that are more exact than a year, as printed."""
    return tuple(due.printed for due in dues(clause) if due.deadline) or ((clause.deadline,) if clause.deadline else ())


def target_days(target: Target, today: date, end: date | None = None) -> Iterator[date]:
    """Yield the last days of a target that lie ahead: a stated day, its year's end, or every year's end till then.

    ``end`` is the last day of the plan: what is due every year is not due after it.
    """
    if target.recurrence:
        last = target.year or (end.year if end else today.year + 1)
        # A target of each year is due at the end of this one and, half a year ahead, of the next.
        yield from (date(year, _DECEMBER, 31) for year in (today.year, today.year + 1) if year <= last)
    elif target.deadline is not None:
        yield target.deadline
    elif target.year is not None:
        yield date(target.year, _DECEMBER, 31)


@lru_cache(_CLAUSES)
def years_due(clause: Clause) -> frozenset[int]:
    """Return the years in which a clause has something to be reached or done."""
    targets = {
        target.year for target in clause.targets if target.year and (target.value is not None or target.deadline)
    }
    return frozenset(targets | {due.year for due in dues(clause)})


def years_printed(texts: Iterable[str]) -> frozenset[int]:
    """Return every year that stands in the texts."""
    return frozenset(int(year) for text in texts for year in _YEAR.findall(text))
