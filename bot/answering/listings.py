"""Lists to look through instead of asking: plans, districts, units, indicators; a page of one at a time.

With many plans only the page that is shown is looked up, and nothing is opened for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.answering.addressed import AddressKind, Ref, unit_ref
from bot.answering.figures import indicator_figure
from bot.messages import say
from bot.query.execute import task_count
from bot.query.plan_repository import PlanRepository
from corpus.model import PlanMeta

ON_A_PAGE = 60
_SUGGESTED = 400
"""Names offered while one types, at most: some 10 kB."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list."""

    label: str
    detail: str
    ref: Ref | None
    say: str = ""
    """The message that opens it, where it has no address."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list."""

    headline: str
    items: tuple[Listed, ...]
    number: int
    """From 1."""
    total: int
    wanted: str
    """What the list was narrowed to; empty for all of it."""
    suggestions: tuple[str, ...]
    """What it can be narrowed to by choosing."""


def list_of(shelf: PlanRepository, kind: AddressKind, wanted: str, page: int) -> Listing:
    """Return a page of what there is of a kind, of those that hold ``wanted`` in their name; the last one if beyond."""
    return _LISTS[kind](shelf, wanted, page)


def plans_of_district(shelf: PlanRepository, district: str) -> Listing:
    """Return the plans of one district."""
    metas = [meta for meta in shelf.metas if meta.district == district]
    return _page(say("browse.district", district=district, count=len(metas)), metas, district, 1, _plan)


def _plans(shelf: PlanRepository, wanted: str, page: int) -> Listing:
    found = [meta for meta in shelf.metas if wanted in f"{meta.district} {meta.title} {meta.id}"]
    names = [*shelf.districts, *(meta.title for meta in shelf.metas)]
    return _page(say("browse.plans", count=len(found)), found, wanted, page, _plan, names)


def _plan(meta: PlanMeta) -> Listed:
    issued = say("browse.issued", issued=meta.issued.isoformat()) if meta.issued else ""
    detail = say("browse.comma").join(filter(None, (meta.district, issued)))
    return Listed(meta.title, detail, Ref(AddressKind.PLAN, meta.id))


def _districts(shelf: PlanRepository, wanted: str, page: int) -> Listing:
    metas: dict[str, list[PlanMeta]] = {}
    for meta in shelf.metas:
        metas.setdefault(meta.district, []).append(meta)
    found = [name for name, own in metas.items() if name and wanted in " ".join((name, *(one.title for one in own)))]

    def line(name: str) -> Listed:
        detail = metas[name][0].title if len(metas[name]) == 1 else say("browse.of_plans", count=len(metas[name]))
        return Listed(name, detail, Ref(AddressKind.DISTRICT, name))

    return _page(say("browse.districts", count=len(found)), found, wanted, page, line, shelf.districts)


def _units(shelf: PlanRepository, wanted: str, page: int) -> Listing:
    if not shelf.is_wide(()):
        own = [(plan, unit) for plan in shelf.plans for unit in plan.units if wanted in plan.meta.district + unit.name]
        lines = [
            Listed(
                unit.name,
                say("browse.unit", district=shelf.name(plan), count=task_count(plan, unit)),
                unit_ref(plan.meta, unit.name),
            )
            for plan, unit in own
        ]
        names = dict.fromkeys(unit.name for plan in shelf.plans for unit in plan.units)
        return _page(say("browse.units", count=len(own)), lines, wanted, page, _as_it_is, names)
    keys = tuple(dict.fromkeys(key for form, key in shelf.forms if wanted in form))

    def line(key: str) -> Listed:
        return Listed(key, say("browse.of_plans", count=len(shelf.tallies(key))), Ref(AddressKind.UNIT, key))

    return _page(say("browse.units", count=len(keys)), keys, wanted, page, line, shelf.keys)


def _indicators(shelf: PlanRepository, wanted: str, page: int) -> Listing:
    if not shelf.is_wide(()):
        own = [(plan, row) for plan in shelf.plans for row in plan.indicators]
        lines = [
            Listed(
                row.name,
                say("browse.indicator", district=shelf.name(plan), figure=indicator_figure(row).text),
                Ref(AddressKind.INDICATOR, row.id),
            )
            for plan, row in own
            if wanted in plan.meta.district + row.name
        ]
        names = dict.fromkeys(row.name for _, row in own)
        return _page(say("browse.indicators", count=len(lines)), lines, wanted, page, _as_it_is, names)
    every = shelf.catalogue.indicator_names()
    found = [name for name in every if wanted in name]

    def line(name: str) -> Listed:
        return Listed(name, "", None, say("help.target_undated", name=name))

    return _page(say("browse.indicators", count=len(found)), found, wanted, page, line, every)


def _as_it_is(line: Listed) -> Listed:
    return line


def _page(
    headline: str,
    found: Sequence[T],
    wanted: str,
    page: int,
    line: Callable[[T], Listed],
    names: Iterable[str] = (),
) -> Listing:
    total = max(1, -(-len(found) // ON_A_PAGE))
    number = min(max(page, 1), total)
    shown = tuple(line(one) for one in found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE])
    return Listing(headline, shown, number, total, wanted, tuple(names)[:_SUGGESTED])


_LISTS: dict[AddressKind, Callable[[PlanRepository, str, int], Listing]] = {
    AddressKind.PLAN: _plans,
    AddressKind.DISTRICT: _districts,
    AddressKind.UNIT: _units,
    AddressKind.INDICATOR: _indicators,
}
LISTED = tuple(_LISTS)
"""The kinds of which there are lists."""
