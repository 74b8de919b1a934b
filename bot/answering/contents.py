"""A plan to look through: its outline, its indicators, its units, and what is due soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.answering.addressed import AddressKind, Ref, unit_ref
from bot.answering.due_soon import DueSoon, due_soon
from bot.answering.figures import indicator_series
from bot.answering.indicator_table import IndicatorTable, IndicatorTableRow
from bot.answering.listings import Listed
from bot.answering.places import place_name
from bot.messages import say
from bot.query.execute import task_count
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, ClauseKind, Place
from index.catalogue import OpenPlan


@dataclass(frozen=True, slots=True)
class OutlinePart:
    """A heading of the outline with the clauses right below it."""

    level: int
    """1 for the body or the annex, 2 for its parts, and so on."""
    heading: str
    items: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """One plan."""

    plan: str
    """Its id."""
    district: str
    title: str
    facts: tuple[str, ...]
    """Issuer, day of issue, period, counts."""
    url: str
    """Where it was published; empty where nobody has said."""
    parts: tuple[OutlinePart, ...]
    table: IndicatorTable | None
    units: tuple[Listed, ...]
    due: DueSoon


def contents_of(shelf: PlanRepository, plan: OpenPlan, today: date) -> Contents:
    """Return what stands in a plan."""
    rows = tuple(IndicatorTableRow(row.id, indicator_series(row)) for row in plan.indicators)
    return Contents(
        plan=plan.meta.id,
        district=plan.meta.district,
        title=plan.meta.title,
        facts=tuple(_facts(plan)),
        url=plan.meta.url,
        parts=tuple(parts_of(shelf, plan)),
        table=IndicatorTable(plan.meta.district, rows) if rows else None,
        units=tuple(
            Listed(unit.name, say("browse.tasks", count=task_count(plan, unit)), unit_ref(plan.meta, unit.name))
            for unit in plan.units
        ),
        due=due_soon(shelf, plan, today),
    )


def _facts(plan: OpenPlan) -> Iterator[str]:
    meta = plan.meta
    if meta.issuer:
        yield meta.issuer
    if meta.issued:
        yield say("browse.issued", issued=meta.issued.isoformat())
    if meta.start and meta.end:
        yield say("browse.period", start=meta.start, end=meta.end)


def parts_of(shelf: PlanRepository, plan: OpenPlan) -> Iterator[OutlinePart]:
    """Yield the headings as printed, each with its clauses; the indicators have a table of their own."""
    open_path: tuple[str, ...] = ()
    heading, level, items = "", 0, list[Listed]()
    place: Place | None = None
    for clause in _outlined(plan.clauses):
        above = clause.path[:-1]
        new: list[tuple[int, str]] = []
        if clause.place is not place:
            place, open_path = clause.place, ()
            new.append((1, say(f"clause.{place.value}", district=shelf.name(plan))))
        common = next((at for at, one in enumerate(above) if open_path[at : at + 1] != (one,)), len(above))
        new += [(at + 2, above[at]) for at in range(common, len(above))]
        if new:
            if heading:
                yield OutlinePart(level, heading, tuple(items))
            for size, text in new[:-1]:
                yield OutlinePart(size, text, ())
            (level, heading), items = new[-1], []
        elif len(above) + 1 < level:
            # Back from a part that is deeper: what follows stands below the outer heading again.
            yield OutlinePart(level, heading, tuple(items))
            level, heading, items = len(above) + 1, above[-1] if above else "", []
        again = clause.path == open_path
        printed = clause.path[-1] if clause.path and not again else clause.title
        items.append(Listed(printed, place_name(clause), Ref(AddressKind.CLAUSE, clause.id)))
        open_path = clause.path
    if items or heading:
        yield OutlinePart(level, heading, tuple(items))


def _outlined(clauses: Iterable[Clause]) -> Iterator[Clause]:
    for clause in clauses:
        if clause.place is not Place.FRONT and clause.kind is not ClauseKind.INDICATOR and clause.number:
            yield clause
