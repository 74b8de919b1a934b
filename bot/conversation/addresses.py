"""What stands at an address that can be passed on: a clause, a unit, an indicator, a district's table of indicators.

An address is the id that people see: ``巴南 一(一)2``, ``渝中 区教委``, ``区教委`` (of every district), ``巴南 指标5``,
``巴南`` (its whole table).
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from bot.answering.answer import Answer
from bot.answering.lists import clause_answer
from bot.conversation.answerer import Answerer
from bot.messages import say
from bot.query.chat_state import ChatState
from corpus.model import ClauseKind
from index.catalogue import OpenPlan


class AddressKind(StrEnum):
    """What an address names; the value stands in its path."""

    CLAUSE = "c"
    UNIT = "u"
    INDICATOR = "i"


Opened = tuple[Answer, ChatState]
"""What stands there, and the state of a conversation that begins with it."""


def open_address(answerer: Answerer, kind: AddressKind, name: str) -> Opened | None:
    """Return what stands at an address; None when the plans of now have no such thing."""
    match kind:
        case AddressKind.CLAUSE:
            return _clause(answerer, name)
        case AddressKind.UNIT:
            return _unit(answerer, name)
        case AddressKind.INDICATOR:
            return _indicator(answerer, name)


def unit_address(clause: str, unit: str) -> str:
    """Return the address of a unit that a clause (its id) names."""
    return f"{clause.partition(' ')[0]} {unit}"


def _clause(answerer: Answerer, name: str) -> Opened | None:
    clause = answerer.shelf.clause(name)
    if clause is None:
        return None
    # Not by asking: the start of a document and the states at the start can be cited but not asked for by number.
    after = answerer.remember(say("suggest.say_clause", id=name))
    return clause_answer(answerer.shelf, (clause,)), after


def _unit(answerer: Answerer, name: str) -> Opened | None:
    place, _, unit = name.partition(" ")
    for plan in _plans(answerer, place):
        if any(unit in (one.name, one.key, *one.printed) for one in plan.units):
            # The district beside the words, not in them: 巴南区巴洲产发集团 could also be cut as 巴南 and 区巴洲….
            question = say("choice.duties_of", unit=unit)
            answer, after = answerer.ask(question, ChatState(district=plan.meta.district))
            return answer, replace(after, district="")
    # Without a district the unit of all of them, as when it is asked for.
    names = answerer.reader.names
    if not unit and any(map(names.in_plans, names.keys_of(name))):
        return answerer.ask(say("choice.duties_of", unit=name))
    return None


def _indicator(answerer: Answerer, name: str) -> Opened | None:
    for plan in _plans(answerer, name):
        if plan.indicators:
            return answerer.ask(say("suggest.say_indicators", district=plan.meta.district))
    clause = answerer.shelf.clause(name)
    if clause is None or clause.kind is not ClauseKind.INDICATOR:
        return None
    row = answerer.shelf.indicator(clause)
    return answerer.ask(say("suggest.say_indicator", district=row.district, name=row.name))


def _plans(answerer: Answerer, place: str) -> tuple[OpenPlan, ...]:
    """Return the plans of the district that ``place`` names; of the plan itself where it has no district."""
    district = answerer.reader.names.districts.get(place)
    if district:
        return answerer.shelf.plans_of([district])
    return tuple(plan for plan in answerer.shelf.plans_of([""]) if plan.meta.id == place)
