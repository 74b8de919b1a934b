"""What falls due for whom: a clause is read once a morning, however many follow its units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.answering.figures import counted
from bot.messages import say
from bot.notices.compose import quoted
from bot.notices.following import Subject, SubjectKind
from bot.notices.plan_days import Calendar, Wanted
from bot.notices.subjects import indicators_of, last_day, place_in
from bot.query.due import target_days
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, Indicator, PlanMeta
from index.catalogue import OpenPlan, Tally

_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class DueTarget:
    """A target of a clause or an indicator, and its last day."""

    day: date
    place: str
    """Where its clause stands, as answers say it."""
    words: str
    """Verbatim."""


@dataclass(frozen=True, slots=True)
class _DueClause:
    """A clause of which something falls due, with what tells each of its targets from others."""

    id: str
    counterparts: tuple[str, ...]
    units: frozenset[str]
    """As the plan calls them."""
    targets: tuple[tuple[tuple[object, ...], DueTarget], ...]


class DueTargets:
    """The targets that fall due on a ``wanted`` day from ``today`` on.

    ``calendar`` is that of the shelf: with it only clauses that have such a day are read. Not to be shared between
    threads.
    """

    def __init__(
        self, shelf: PlanRepository, today: date, wanted: Wanted = lambda _: True, calendar: Calendar | None = None
    ) -> None:
        self.today = today
        self._shelf = shelf
        self._wanted = wanted
        self._calendar = calendar
        self._clauses: dict[str, tuple[_DueClause, ...]] = {}
        self._names: dict[str, dict[str, frozenset[str]]] = {}
        self._tallies: dict[str, tuple[Tally, ...]] = {}

    def of(self, subjects: Iterable[Subject]) -> tuple[DueTarget, ...]:
        """Return what the subjects answer for, soonest first; what stands in two places once.

        A passage is named once a day, with all the figures in it.
        """
        found: dict[object, DueTarget] = {}
        told: set[object] = set()
        for subject in subjects:
            for plan_id in self._plans(subject):
                for clause in self._touched(plan_id, subject):
                    for what, due in clause.targets:
                        if not any((other, *what) in told for other in clause.counterparts):
                            # Passages of one clause that set the same number for different things are different.
                            found.setdefault((clause.id, due.day, due.words), due)
                        told.add((clause.id, *what))
                if subject.kind is SubjectKind.INDICATOR:
                    plan = self._shelf.plan(plan_id)
                    found.update({key: due for key, due in self._of_rows(plan, subject) if key not in found})
        return tuple(sorted(dict.fromkeys(found.values()), key=lambda due: due.day))

    @cached_property
    def _numbers(self) -> dict[str, tuple[int, ...]] | None:
        """The clauses that fall due, by plans that have some; None where nothing is known of their days."""
        if self._calendar is None:
            return None
        found = {one: days.numbers(self.today, self._wanted) for one, days in self._calendar.plans.items()}
        return {one: numbers for one, numbers in found.items() if numbers}

    def metas(self, subject: Subject) -> Iterator[PlanMeta]:
        """Yield what the plans in which a subject stands say about themselves."""
        for plan_id in self._named(subject):
            yield self._calendar.plans[plan_id].meta if self._calendar else self._shelf.plan(plan_id).meta

    def _plans(self, subject: Subject) -> Iterator[str]:
        """Yield the plans in which a subject may have something that falls due."""
        if subject.kind is SubjectKind.INDICATOR:
            yield from self._with_indicator(subject)
        elif self._numbers != {}:
            yield from (one for one in self._named(subject) if self._numbers is None or one in self._numbers)

    def _named(self, subject: Subject) -> Iterable[str]:
        """Return the plans in which a subject stands."""
        if subject.kind is SubjectKind.INDICATOR:
            return self._with_indicator(subject)
        if subject.kind is SubjectKind.PLAN:
            return (subject.key,) if subject.key in self._ids else ()
        if subject.kind is SubjectKind.DISTRICT:
            return self._shelf.catalogue.plan_ids((subject.district,))
        if subject.key not in self._tallies:
            self._tallies[subject.key] = tuple(one for one in self._shelf.tallies(subject.key) if one.clauses)
        return (one.plan for one in self._tallies[subject.key] if subject.district in ("", one.district))

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(self._shelf.catalogue.plan_ids())

    def _with_indicator(self, subject: Subject) -> Iterable[str]:
        if self._calendar is not None:
            return self._calendar.indicators.get(subject.key, ())
        return (plan.meta.id for plan in self._shelf.plans if indicators_of(plan, subject))

    def _touched(self, plan_id: str, subject: Subject) -> Iterator[_DueClause]:
        clauses = self._due_clauses(plan_id)
        match subject.kind:
            case SubjectKind.UNIT:
                names = self._called(plan_id).get(subject.key, frozenset())
                yield from (clause for clause in clauses if not names.isdisjoint(clause.units))
            case SubjectKind.INDICATOR:
                rows = indicators_of(self._shelf.plan(plan_id), subject)
                pursued = {one for row in rows for one in (row.id, *row.clauses)}
                yield from (clause for clause in clauses if clause.id in pursued)
            case _:
                yield from clauses

    def _called(self, plan_id: str) -> dict[str, frozenset[str]]:
        """Return what a plan calls each unit, by the unit's key."""
        if plan_id not in self._names:
            names: dict[str, set[str]] = {}
            for unit in self._shelf.plan(plan_id).units:
                names.setdefault(unit.key, set()).add(unit.name)
            self._names[plan_id] = {key: frozenset(forms) for key, forms in names.items()}
        return self._names[plan_id]

    def _due_clauses(self, plan_id: str) -> tuple[_DueClause, ...]:
        if plan_id not in self._clauses:
            numbers = None if self._numbers is None else self._numbers.get(plan_id, ())
            clauses = self._shelf.catalogue.clauses(plan_id, numbers) if numbers != () else ()
            meta = self._shelf.plan(plan_id).meta
            made = (self._due_clause(meta, clause) for clause in clauses)
            self._clauses[plan_id] = tuple(one for one in made if one.targets)
        return self._clauses[plan_id]

    def _due_clause(self, meta: PlanMeta, clause: Clause) -> _DueClause:
        targets = []
        for target in clause.targets:
            for day in target_days(target, self.today, last_day(meta)):
                if day >= self.today and self._wanted(day):
                    what = (day, target.value, target.counter, target.what if target.value is None else "")
                    targets.append((what, DueTarget(day, place_in(meta, clause), quoted(target.quote))))
        units = frozenset(ref.name for ref in clause.units)
        return _DueClause(clause.id, clause.counterparts, units, tuple(targets))

    def _of_rows(self, plan: OpenPlan, subject: Subject) -> Iterator[tuple[object, DueTarget]]:
        """Yield the indicators that are followed, each with the last year that it has a figure for."""
        for row in indicators_of(plan, subject):
            due = self._of_row(plan, row)
            if due is not None and self._wanted(due.day):
                yield (row.id, due.day), due

    def _of_row(self, plan: OpenPlan, row: Indicator) -> DueTarget | None:
        year, value = row.values[-1] if row.values else (0, "")
        if year < self.today.year:
            return None
        words = say("render.figure", name=row.name, text=counted(value, row.counter))
        clause = self._shelf.clause(row.id)
        return DueTarget(date(year, _DECEMBER, 31), place_in(plan.meta, clause) if clause else row.id, words)
