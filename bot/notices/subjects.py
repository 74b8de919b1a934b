"""What words mean as something to follow, and which clauses it touches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.answering.places import place_name
from bot.messages import say
from bot.notices.following import Subject, SubjectKind
from bot.query.plan_repository import PlanRepository
from bot.reading.reader import Reader
from corpus.model import Clause, Indicator, Plan, PlanMeta
from index.catalogue import OpenPlan

_DECEMBER = 12


class Subjects:
    """Reads subjects over one shelf."""

    def __init__(self, shelf: PlanRepository, reader: Reader) -> None:
        self.shelf = shelf
        self._reader = reader

    def read(self, words: str, district: str = "") -> tuple[Subject, ...]:
        """Return what ``words`` may mean, best first; several when they are ambiguous, none when nothing fits.

        ``district`` is the chat's own: it narrows a unit where the words name no district.
        """
        words = words.strip()
        named = self._reader.names.districts.get(words)
        if named:
            return (Subject(SubjectKind.DISTRICT, named, named, named),)
        return self._plans(words) or self._indicators(words) or self._units(words, district)

    def _plans(self, words: str) -> tuple[Subject, ...]:
        metas = [plan.meta for plan in self.shelf.plans if words in (plan.meta.id, plan.meta.title)]
        return tuple(Subject(SubjectKind.PLAN, meta.id, meta.district, say("following.plan", title=meta.title))
                     for meta in metas)  # fmt: skip

    def _indicators(self, words: str) -> tuple[Subject, ...]:
        names = self.shelf.catalogue.indicator_names()
        found = [name for name in names if name == words] or [
            name for name in names if len(words) > 1 and words in name
        ]
        return tuple(Subject(SubjectKind.INDICATOR, name, "", name) for name in found)

    def _units(self, words: str, default: str) -> tuple[Subject, ...]:
        where = self._reader.read(words, default, date.min).query.where
        keys = tuple(dict.fromkeys(key for term in where.units for key in term.keys))
        districts = where.districts if len(where.districts) == 1 else ("",)
        return tuple(
            Subject(SubjectKind.UNIT, key, districts[0], name_in(districts[0], key))
            for key in keys if self.shelf.has_unit(key)
        )  # fmt: skip


def clauses_of(shelf: PlanRepository, subject: Subject) -> tuple[Clause, ...]:
    """Return every clause that a subject covers, in the plans' order."""
    return tuple(
        clause for plan in plans_touched(shelf, subject) for clause in plan.clauses if touches(plan, (clause,), subject)
    )  # fmt: skip


def plans_touched(shelf: PlanRepository, subject: Subject) -> Iterable[OpenPlan]:
    """Return the plans in which a subject may be touched, so that no other is read."""
    if subject.kind is SubjectKind.UNIT:
        tallies = shelf.tallies(subject.key)
        return (shelf.plan(tally.plan) for tally in tallies if subject.district in ("", tally.district))
    return shelf.plans_of((subject.district,)) if subject.district else shelf.plans


def touches(plan: Plan | OpenPlan, clauses: Iterable[Clause], subject: Subject) -> bool:
    """Whether one of these clauses of a plan concerns who follows ``subject``."""
    if subject.district and subject.district != plan.meta.district:
        return False
    match subject.kind:
        case SubjectKind.DISTRICT:
            return True
        case SubjectKind.PLAN:
            return subject.key == plan.meta.id
        case SubjectKind.UNIT:
            names = {unit.name for unit in plan.units if unit.key == subject.key}
            return any(ref.name in names for clause in clauses for ref in clause.units)
        case SubjectKind.INDICATOR:
            pursued = {one for row in indicators_of(plan, subject) for one in (row.id, *row.clauses)}
            return any(clause.id in pursued for clause in clauses)


def indicators_of(plan: Plan | OpenPlan, subject: Subject) -> tuple[Indicator, ...]:
    """Return the rows of a plan's indicator table that a subject covers: one that follows an indicator names it."""
    if subject.kind is SubjectKind.INDICATOR:
        return tuple(row for row in plan.indicators if row.name == subject.key)
    return ()


def question_of(subject: Subject) -> str:
    """Return what to ask for the full list of a subject."""
    if subject.kind is SubjectKind.UNIT:
        return say("following.ask_unit", unit=name_in(subject.district, subject.key))
    return say(f"following.ask_{subject.kind}", subject=subject.key, district=subject.district)


def name_in(district: str, unit: str) -> str:
    """渝中区教委: a unit's name with its district, whose last character is not said twice."""
    last = district[-1:]
    return say("following.unit", district=district, unit=unit.removeprefix(last) if len(unit) > 2 else unit)


def place_in(meta: PlanMeta, clause: Clause) -> str:
    """渝中区 附件 4.2.2: where a clause stands, as answers say it."""
    return f"{meta.district} {place_name(clause)}"


def last_day(meta: PlanMeta) -> date | None:
    """Return the last day of a plan's period, None where none is printed."""
    return date(meta.end, _DECEMBER, 31) if meta.end else None
