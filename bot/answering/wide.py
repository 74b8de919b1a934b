"""Queries that mean more districts than an answer can show side by side: counted, and asked which one is meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.answering.addressed import AddressKind, Named, Ref
from bot.answering.answer import Answer, AnswerKind, Choice, Section
from bot.messages import say
from bot.query.plan_repository import FEW, PlanRepository
from bot.query.query import GroupBy, Query, Select, UnitTerm
from index.catalogue import Tally

_OFFERED = 6
"""Districts to tap; any other is typed."""
_OF_ONE_PLAN = frozenset(
    {Select.CLAUSE, Select.TASKS, Select.DATES, Select.INDICATORS, Select.DOCUMENT, Select.CONTRADICTIONS}
)
"""What is a list of each plan's own."""


def narrowed(shelf: PlanRepository, query: Query) -> Query:
    """Return the query about the districts that it can mean: those whose plans have the units it names."""
    where = query.where
    if not where.units or not shelf.is_wide(where.districts):
        return query
    named = [{tally.district for key in term.keys for tally in shelf.tallies(key)} for term in where.units]
    common = set.intersection(*named) if named else set()
    found = tuple(one for one in where.districts or shelf.districts if one in common)
    return replace(query, where=replace(where, districts=found)) if 0 < len(found) <= FEW else query


def wide_answer(shelf: PlanRepository, query: Query) -> Answer | None:
    """Return the counts and the question which district is meant; None where all can be shown, or searched."""
    where = query.where
    if not shelf.is_wide(where.districts):
        return None
    known = [term for term in where.units if any(map(shelf.has_unit, term.keys))]
    if where.units and len(known) == len(where.units):
        return _unit_answer(shelf, where.districts, where.units)
    lists = query.select in _OF_ONE_PLAN or (query.select is Select.UNITS and not where.topic)
    if (lists and not where.units) or query.group is GroupBy.DISTRICT:
        line = say("wide.headline", count=len(where.districts or shelf.districts))
        return Answer(AnswerKind.CHOOSE, True, line, choices=_choices(where.districts or shelf.districts))
    return None


def _unit_answer(shelf: PlanRepository, districts: tuple[str, ...], units: tuple[UnitTerm, ...]) -> Answer:
    """Return how many clauses name a unit in all, and in the first districts."""
    wanted = set(districts or shelf.districts)
    tallies: dict[str, Tally] = {}
    keys = (key for term in units for key in term.keys)
    for one in (tally for key in keys for tally in shelf.tallies(key) if tally.district in wanted):
        before = tallies.get(one.district)
        tallies[one.district] = replace(one, clauses=one.clauses + (before.clauses if before else 0))
    total = sum(one.clauses for one in tallies.values())
    name = "、".join(term.name for term in units)
    line = say("wide.unit", unit=name, districts=len(tallies), count=total)
    shown = list(tallies.values())[:FEW]
    lines = [say("wide.district", district=one.district, count=one.clauses) for one in shown]
    rest = [say("wide.more", count=len(tallies) - len(shown))] if len(tallies) > len(shown) else []
    districts_named = tuple(Named(one.district, Ref(AddressKind.DISTRICT, one.district)) for one in shown)
    sections = (Section("", (*lines, *rest), (), names=districts_named),)
    return Answer(AnswerKind.CHOOSE, True, line, sections, notes=(say("wide.which"),), choices=_choices(tallies))


def _choices(districts: Iterable[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(say("choice.only", district=name), say("choice.say_only", district=name))
        for name in tuple(districts)[:_OFFERED]
    )
