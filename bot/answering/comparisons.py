"""What districts share and what only one of them has, told from the units and the indicators of their plans."""

from __future__ import annotations

from bot.answering.addressed import AddressKind, Named, Ref
from bot.answering.answer import Answer, AnswerKind, Section
from bot.answering.lists import sources, unit_names
from bot.messages import say
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query


def shared_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return the units and indicators that all plans asked about have, then those that only one has."""
    plans = shelf.plans_of(query.where.districts)
    units = [{unit.key: unit.name for unit in plan.units} for plan in plans]
    rows = [{row.name: row.name for row in plan.indicators} for plan in plans]
    common = [key for key in units[0] if all(key in one for one in units[1:])] if units else []
    same = [name for name in rows[0] if all(name in one for one in rows[1:])] if rows else []
    first = unit_names(plans[0]) if plans else ()
    everywhere = tuple(Named(one.text, Ref(AddressKind.UNIT, one.text)) for one in first)
    sections = [Section(say("shared.common"), _lines(common, same), (), names=everywhere)]
    for plan, own, figures in zip(plans, units, rows, strict=True):
        alone = [name for key, name in own.items() if sum(key in one for one in units) == 1]
        only = [name for name in figures if sum(name in one for one in rows) == 1]
        heading = say("shared.only", district=shelf.name(plan))
        sections.append(Section(heading, _lines(alone, only), (), names=unit_names(plan)))
    headline = say("shared.headline", units=len(common), indicators=len(same))
    return Answer(AnswerKind.COMPARE, True, headline, tuple(sections), sources=sources(plans))


def _lines(units: list[str], indicators: list[str]) -> tuple[str, ...]:
    lines = []
    if units:
        lines.append(say("shared.units", count=len(units), names="、".join(units)))
    if indicators:
        lines.append(say("shared.indicators", count=len(indicators), names="、".join(indicators)))
    return tuple(lines)
