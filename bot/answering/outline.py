"""The parts of the plans, as their headings name them, each with how many tasks it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.answering.answer import Answer, AnswerKind, Section
from bot.answering.lists import sources
from bot.messages import say
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query
from corpus.model import ClauseKind, Place
from index.catalogue import OpenPlan

_LEVELS = 2


def outline_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return the headings of each plan's body in their order, two levels deep."""
    plans = shelf.plans_of(query.where.districts)
    tops, sections = [], []
    for plan in plans:
        found = _headings(plan)
        top = sum(len(path) == 1 for path in found)
        tops.append(say("outline.one", district=shelf.name(plan), count=top))
        sections.append(Section(shelf.name(plan), tuple(_lines(found)), ()))
    return Answer(AnswerKind.OVERVIEW, True, "；".join(tops), tuple(sections), sources=sources(plans))


def _headings(plan: OpenPlan) -> Counter[tuple[str, ...]]:
    """Return the headings of the body, each as its way from the top, with the tasks below it."""
    found: Counter[tuple[str, ...]] = Counter()
    for clause in plan.clauses:
        if clause.place is Place.BODY and clause.path:
            for depth in range(1, min(_LEVELS, len(clause.path)) + 1):
                found[clause.path[:depth]] += clause.kind is ClauseKind.TASK
    return found


def _lines(found: Counter[tuple[str, ...]]) -> Iterator[str]:
    for path, tasks in found.items():
        key = "outline.top" if len(path) == 1 else "outline.below"
        yield say(key, heading=path[-1], tasks=say("outline.tasks", count=tasks) if tasks else "")
