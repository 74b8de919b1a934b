"""Questions that mean more districts than an answer can show side by side: counted, and asked which one is meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.ask.answer import Answer, AnswerKind, Choice, Section
from bot.ask.question import Kind, Question
from bot.ask.shelf import FEW, Shelf
from bot.messages import say
from index.catalogue import Tally

_OFFERED = 6
"""Districts to tap; any other is typed."""
_OF_ONE_PLAN = frozenset(
    {
        Kind.CLAUSE,
        Kind.TASKS,
        Kind.COUNTDOWN,
        Kind.UNITS,
        Kind.INDICATORS,
        Kind.META,
        Kind.COUNT,
        Kind.LINT,
        Kind.RECURRING,
        Kind.DEADLINE,
    }
)
"""Kinds whose answer is a list of each plan's own."""


def narrowed(shelf: Shelf, question: Question) -> Question:
    """Return the question about the districts that it can mean: those whose plans have the units it names."""
    if not question.units or not shelf.is_wide(question.districts):
        return question
    named = [{tally.district for key in group for tally in shelf.tallies(key)} for group in question.unit_groups]
    common = set.intersection(*named) if named else set()
    found = tuple(one for one in question.districts or shelf.districts if one in common)
    return replace(question, districts=found) if 0 < len(found) <= FEW else question


def wide_answer(shelf: Shelf, question: Question) -> Answer | None:
    """Return the counts and the question which district is meant; None where all can be shown, or searched."""
    if not shelf.is_wide(question.districts):
        return None
    if question.units and not question.unknown_units:
        return _unit_answer(shelf, question)
    lists = question.kind in _OF_ONE_PLAN and not (question.kind is Kind.DEADLINE and question.topic)
    if lists or question.compare:
        line = say("wide.headline", count=len(question.districts or shelf.districts))
        return Answer(AnswerKind.CHOOSE, True, line, choices=_choices(question.districts or shelf.districts))
    return None


def _unit_answer(shelf: Shelf, question: Question) -> Answer:
    """Return how many clauses name a unit in all, and in the first districts."""
    name = "、".join(question.unit_names)
    wanted = set(question.districts or shelf.districts)
    tallies: dict[str, Tally] = {}
    for one in (tally for key in question.units for tally in shelf.tallies(key) if tally.district in wanted):
        before = tallies.get(one.district)
        tallies[one.district] = replace(one, clauses=one.clauses + (before.clauses if before else 0))
    total = sum(one.clauses for one in tallies.values())
    line = say("wide.unit", unit=name, districts=len(tallies), count=total)
    shown = list(tallies.values())[:FEW]
    lines = [say("wide.district", district=one.district, count=one.clauses) for one in shown]
    rest = [say("wide.more", count=len(tallies) - len(shown))] if len(tallies) > len(shown) else []
    sections = (Section("", (*lines, *rest), ()),)
    return Answer(AnswerKind.CHOOSE, True, line, sections, notes=(say("wide.which"),), choices=_choices(tallies))


def _choices(districts: Iterable[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(say("choice.only", district=name), say("choice.say_only", district=name))
        for name in tuple(districts)[:_OFFERED]
    )
