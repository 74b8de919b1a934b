"""Everything that other programs can have done: what each takes and gives, and who may ask for it.

HTTP and MCP are two ways to the same operations, so neither can do what the other can't.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import msgspec

from bot.api.values import (
    Answered,
    Ask,
    ById,
    Clauses,
    Everything,
    Indicators,
    InDistrict,
    OfPlan,
    PlanFacts,
    Plans,
    UnitFacts,
    Units,
    answered,
)
from bot.conversation.answerer import Answerer
from bot.conversation.asking import Asker
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.query.query import Query, UnitTerm
from bot.store.scope import Scope
from bot.turns import By
from corpus.model import Clause
from index.catalogue import OpenPlan

CHANNEL = "api"
T = TypeVar("T")


class NotFoundError(Exception):
    """There is no such thing in the plans; the text is Chinese and says what there is not."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be done."""

    name: str
    """Of the tool; its meaning stands in the table ``api_operations`` of the messages."""
    path: str
    """Below ``/api``."""
    by_body: bool
    """What it takes is sent as JSON; else it stands in the address."""
    scope: Scope
    takes: type
    gives: type
    run: Callable[[Asker, Any, str], Awaitable[object]]
    """With what it takes, and the name of who asks."""


def convert(operation: Operation, given: object, *, strict: bool = True) -> object:
    """Return what an operation takes; msgspec.ValidationError says what is wrong with it."""
    return msgspec.convert(given, operation.takes, strict=strict)


async def _ask(asker: Asker, given: Ask, person: str) -> Answered:
    def state(answerer: Answerer) -> ChatState:
        found = ChatState(district=_district(answerer, given.district))
        for earlier in given.earlier:
            found = answerer.remember(earlier, found)
        return found

    answer, _ = await asker.ask(given.question, await asker.look(state), by=By(CHANNEL, person))
    return answered(answer)


async def _query(asker: Asker, given: Query, _person: str) -> Answered:
    return answered(await asker.answer_query(await asker.look(partial(_resolved, given))))


def _resolved(query: Query, answerer: Answerer) -> Query:
    """Return a query with the full names of its districts, and the keys of units that are given by name alone."""

    def known(term: UnitTerm) -> UnitTerm:
        return term if term.keys else replace(term, keys=answerer.reader.names.keys_of(term.name))

    where = query.where
    districts = tuple(_district(answerer, one) for one in where.districts if one)
    units, without = tuple(map(known, where.units)), tuple(map(known, where.without))
    return replace(query, where=replace(where, districts=districts, units=units, without=without))


async def _plans(asker: Asker, _given: Everything, _person: str) -> Plans:
    def look(answerer: Answerer) -> Plans:
        items = tuple(_facts(plan) for plan in answerer.shelf.plans)
        return Plans(len(items), items)

    return await asker.look(look)


def _facts(plan: OpenPlan) -> PlanFacts:
    return PlanFacts(plan.meta, len(plan.tasks), len(plan.clauses), len(plan.units), len(plan.indicators))


async def _units(asker: Asker, given: InDistrict, _person: str) -> Units:
    def look(answerer: Answerer) -> Units:
        pairs = [(plan, unit) for plan in _plans_in(answerer, given.district) for unit in plan.units]
        part = _part(pairs, given.offset, given.limit)
        facts = (UnitFacts(plan.meta.id, unit, len(plan.naming(unit.key))) for plan, unit in part)
        return Units(len(pairs), tuple(facts))

    return await asker.look(look)


async def _indicators(asker: Asker, given: InDistrict, _person: str) -> Indicators:
    def look(answerer: Answerer) -> Indicators:
        rows = [row for plan in _plans_in(answerer, given.district) for row in plan.indicators]
        return Indicators(len(rows), tuple(_part(rows, given.offset, given.limit)))

    return await asker.look(look)


async def _clauses(asker: Asker, given: OfPlan, _person: str) -> Clauses:
    def look(answerer: Answerer) -> Clauses:
        shelf = answerer.shelf
        if given.plan not in shelf.catalogue.plan_ids():
            raise NotFoundError(say("api.no_plan", id=given.plan))
        plan = shelf.plan(given.plan)
        found = plan.clauses if not given.unit else _naming(answerer, plan, given.unit)
        return Clauses(len(found), tuple(_part(found, given.offset, given.limit)))

    return await asker.look(look)


def _naming(answerer: Answerer, plan: OpenPlan, name: str) -> tuple[Clause, ...]:
    keys = answerer.reader.names.keys_of(name)
    if not any(plan.unit(key) for key in keys):
        raise NotFoundError(say("api.no_unit", name=name))
    ids = {clause.id for key in keys for clause in plan.naming(key)}
    return tuple(clause for clause in plan.clauses if clause.id in ids)


async def _clause(asker: Asker, given: ById, _person: str) -> Clause:
    def look(answerer: Answerer) -> Clause:
        clause = answerer.shelf.clause(given.id)
        if clause is None:
            raise NotFoundError(say("api.no_clause", id=given.id))
        return clause

    return await asker.look(look)


def _plans_in(answerer: Answerer, name: str) -> Iterable[OpenPlan]:
    district = _district(answerer, name)
    return answerer.shelf.plans_of([district]) if district else answerer.shelf.plans


def _district(answerer: Answerer, name: str) -> str:
    """Return the district that a name means, short or full; empty for none."""
    if not name:
        return ""
    found = [one for one in answerer.districts() if name in (one, one[:-1])]
    if not found:
        raise NotFoundError(say("ask.unknown_district", district=name, districts="、".join(answerer.districts())))
    return found[0]


def _part(items: Iterable[T], offset: int, limit: int) -> list[T]:
    return list(items)[offset : offset + limit]


OPERATIONS = (
    Operation("ask", "/ask", True, Scope.ASK, Ask, Answered, _ask),
    Operation("query", "/query", True, Scope.ASK, Query, Answered, _query),
    Operation("plans", "/plans", False, Scope.READ, Everything, Plans, _plans),
    Operation("units", "/units", False, Scope.READ, InDistrict, Units, _units),
    Operation("indicators", "/indicators", False, Scope.READ, InDistrict, Indicators, _indicators),
    Operation("clauses", "/clauses", False, Scope.READ, OfPlan, Clauses, _clauses),
    Operation("clause", "/clauses/{id}", False, Scope.READ, ById, Clause, _clause),
)
