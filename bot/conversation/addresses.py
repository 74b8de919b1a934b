"""What stands at an address that can be passed on: a clause, a unit, an indicator, a district's table of indicators.

An address is the id that people see: ``巴南 一(一)2``, ``渝中 区教委``, ``区教委`` (of every district), ``巴南 指标5``,
``巴南`` (its whole table); or what an answer prints: ``巴南 附件 一（一）2``, ``渝中区教委``, ``巴南 主要指标 5``.
"""

from __future__ import annotations

from dataclasses import replace

from bot.answering.addressed import AddressKind
from bot.answering.answer import Answer
from bot.answering.lists import clause_answer
from bot.answering.places import place_name
from bot.conversation.answerer import Answerer
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.query.numbered import find_clauses
from corpus.model import Clause, ClauseKind
from index.catalogue import OpenPlan

_MOST_SHOWN = 60
"""Clauses of one heading."""
_BRACKETS = str.maketrans("（）", "()")

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
        case AddressKind.PLAN | AddressKind.DISTRICT:
            # A page of their own kind: bot/conversation/browsing.py.
            return None


def unit_address(clause: str, unit: str) -> str:
    """Return the address of a unit that a clause (its id) names."""
    return f"{clause.partition(' ')[0]} {unit}"


def _clause(answerer: Answerer, name: str) -> Opened | None:
    clause = answerer.shelf.clause(name)
    found = (clause,) if clause else _shown(answerer, name)
    if not found:
        return None
    # Not by asking: the start of a document and the states at the start can be cited but not asked for by number.
    after = answerer.remember(say("suggest.say_clause", id=found[0].id))
    return clause_answer(answerer.shelf, found), after


def _shown(answerer: Answerer, name: str) -> tuple[Clause, ...]:
    """Return the clauses whose place is printed as ``name`` in answers; of a heading, those below it."""
    shelf, (place, _, rest) = answerer.shelf, name.partition(" ")
    wanted = _plain(rest)
    if not (wanted and shelf.districts):
        return ()
    for plan in _plans(answerer, place.partition("·")[0]):
        if found := tuple(one for one in plan.clauses if wanted in (_plain(place_name(one)), _plain(one.number))):
            return found[:_MOST_SHOWN]
    query = answerer.reader.read(say("suggest.say_clause", id=name), "", answerer.today).query
    districts = query.where.districts
    if query.clause is None or not (districts or len(shelf.districts) == 1):
        return ()
    return find_clauses(shelf, districts, query.clause)[:_MOST_SHOWN]


def _plain(text: str) -> str:
    """Return a place without spaces, its brackets of one width."""
    return "".join(text.split()).translate(_BRACKETS)


def _unit(answerer: Answerer, name: str) -> Opened | None:
    place, unit = _split(answerer, name)
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


def _split(answerer: Answerer, name: str) -> tuple[str, str]:
    """Return the district and the unit of 渝中 区教委 and of 渝中区教委."""
    place, _, unit = name.partition(" ")
    if unit:
        return place, unit.replace(" ", "")
    for district in sorted(answerer.reader.names.districts, key=len):
        rest = name.removeprefix(district)
        if rest not in ("", name) and any(map(answerer.reader.names.in_plans, answerer.reader.names.keys_of(rest))):
            return district, rest
    return name, ""


def _indicator(answerer: Answerer, name: str) -> Opened | None:
    for plan in _plans(answerer, name):
        if plan.indicators:
            return answerer.ask(say("suggest.say_indicators", district=plan.meta.district))
    clause = answerer.shelf.clause(name)
    if clause is None or clause.kind is not ClauseKind.INDICATOR:
        clause = _row(answerer, name)
    if clause is None:
        return None
    row = answerer.shelf.indicator(clause)
    return answerer.ask(say("suggest.say_indicator", district=row.district, name=row.name))


def _row(answerer: Answerer, name: str) -> Clause | None:
    """Return the indicator that is printed as ``name``, by its number or its own name."""
    place, _, rest = name.partition(" ")
    for plan in _plans(answerer, place):
        for clause in plan.clauses:
            if clause.kind is ClauseKind.INDICATOR and _plain(rest) in (
                _plain(place_name(clause)),
                _plain(clause.title),
            ):
                return clause
    return None


def _plans(answerer: Answerer, place: str) -> tuple[OpenPlan, ...]:
    """Return the plans of the district that ``place`` names; of the plan itself where it has no district."""
    district = answerer.reader.names.districts.get(place)
    if district:
        return answerer.shelf.plans_of([district])
    return tuple(plan for plan in answerer.shelf.plans_of([""]) if plan.meta.id == place)
