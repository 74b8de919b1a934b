"""The parts of the plans, as their headings name them, body and annex, each with how many clauses it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.answering.answer import Answer, AnswerKind, Section
from bot.answering.contents import OutlinePart, parts_of
from bot.answering.lists import sources
from bot.messages import say
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query

_PLACE, _DEEPEST = 1, 3
"""Levels of headings: the body or the annex at the top; below the parts of their parts nothing is told."""


def outline_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return the headings of each plan in their order."""
    plans = shelf.plans_of(query.where.districts)
    sections = [Section("", tuple(_lines(parts_of(shelf, plan))), ()) for plan in plans]
    headline = say("outline.headline", districts="、".join(dict.fromkeys(shelf.name(plan) for plan in plans)))
    return Answer(AnswerKind.OVERVIEW, True, headline, tuple(sections), sources=sources(plans))


def _lines(parts: Iterable[OutlinePart]) -> Iterator[str]:
    for part in parts:
        if part.level > _DEEPEST:
            continue
        told = say("outline.clauses", count=len(part.items)) if part.items and part.level > _PLACE else ""
        yield say("outline.line", space="　" * (part.level - _PLACE), heading=part.heading, clauses=told)
        if part.level == _PLACE:
            # A part of the document that has no parts of its own.
            yield from (say("outline.line", space="　", heading=one.label, clauses="") for one in part.items)
