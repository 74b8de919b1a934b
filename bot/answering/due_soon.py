"""What a plan's units have to reach in the next half year, counted in steps as notices remind of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.answering.addressed import Named, unit_ref
from bot.answering.places import place_name
from bot.messages import say
from bot.query.due import target_days
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, Target
from index.catalogue import OpenPlan

STEPS = (30, 90, 180)
"""Days ahead."""
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class DuePassage:
    """Something to be reached, and by when."""

    left: int
    """Days."""
    line: str
    """The day, and how long that is."""
    clause: str
    """Its id."""
    place: str
    words: str
    """Verbatim."""
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueCount:
    """How much is due within each of the steps, the later ones with what is in the earlier."""

    name: Named | None
    """The unit; None for the whole plan."""
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DueSoon:
    """What is due in the next half year."""

    headline: str
    steps: tuple[str, ...]
    whole: DueCount
    units: tuple[DueCount, ...]
    """Those that have something due, most urgent first."""
    dues: tuple[DuePassage, ...]
    """Soonest first."""


def due_soon(shelf: PlanRepository, plan: OpenPlan, today: date) -> DueSoon:
    """Return what is due in a plan; what body and annex both say counts once."""
    dues = tuple(sorted(_dues(shelf, plan, today), key=lambda due: due.left))
    names = {unit.name: _tally(dues, Named(unit.name, unit_ref(plan.meta, unit.name))) for unit in plan.units}
    units = sorted((one for one in names.values() if one.counts[-1]), key=lambda one: one.counts, reverse=True)
    whole = _tally(dues, None)
    key = "browse.due" if dues else "browse.due_none"
    headline = say(key, day=_day_name(today), days=STEPS[-1], count=whole.counts[-1])
    steps = tuple(say("browse.within", days=days) for days in STEPS)
    return DueSoon(headline, steps, whole, tuple(units), dues)


def _tally(dues: Iterable[DuePassage], name: Named | None) -> DueCount:
    left = [due.left for due in dues if name is None or name.text in due.units]
    return DueCount(name, tuple(sum(one <= days for one in left) for days in STEPS))


def _dues(shelf: PlanRepository, plan: OpenPlan, today: date) -> Iterator[DuePassage]:
    end = date(plan.meta.end, _DECEMBER, 31) if plan.meta.end else None
    told: dict[tuple[object, ...], set[str]] = {}
    passages: set[tuple[object, ...]] = set()
    for clause in plan.clauses:
        names = tuple(dict.fromkeys(ref.name for ref in clause.units))
        for target in clause.targets:
            for day in target_days(target, today, end):
                left = (day - today).days
                if not 0 <= left <= STEPS[-1]:
                    continue
                # A unit hears of it once; the other place may name further ones, and a passage may hold more figures.
                what = (day, *_what(target))
                said = set().union(*(told.get((other, *what), set()) for other in clause.counterparts))
                told[clause.id, *what] = set(names)
                new, passage = tuple(name for name in names if name not in said), (clause.id, day, target.quote)
                if new and passage not in passages:
                    place = _place(shelf, plan, clause)
                    yield DuePassage(left, _line(day, left), clause.id, place, _words(target), new)
                passages.add(passage)


def _what(target: Target) -> tuple[object, ...]:
    return target.value, target.counter, target.what if target.value is None else ""


def _words(target: Target) -> str:
    return "".join(target.quote.split())


def _place(shelf: PlanRepository, plan: OpenPlan, clause: Clause) -> str:
    return f"{shelf.short(plan)} {place_name(clause)}"


def _line(day: date, left: int) -> str:
    return say("browse.due_line", day=_day_name(day), left=left)


def _day_name(day: date) -> str:
    return say("deadlines.date", year=day.year, month=day.month, day=day.day)
