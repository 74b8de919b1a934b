"""The tasks that most units answer for: a plan's first of them, with how many units, in the first line."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.answer import Answer, AnswerKind, Section
from bot.answering.entries import EntryMaker, EntryStyle, citations
from bot.answering.lists import sources
from bot.answering.parties import printed_names
from bot.answering.places import place_name
from bot.messages import say
from bot.query.grouping import group
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query
from corpus.model import Clause


def most_units_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return, by plan, the places that name most units: a row of the annex may name fewer than its task in the body."""
    lines, sections, shown = [], [], []
    maker = EntryMaker(shelf, EntryStyle(units_in_full=True))
    plans = [plan for plan in shelf.plans_of(query.where.districts) if plan.tasks]
    for plan in plans:
        tasks = group(plan.tasks)
        most = max(map(_units, tasks))
        first = [clause for task in tasks for clause in task if len(printed_names(clause)) == most]
        places = say("entry.place_comma").join(place_name(clause) for clause in first)
        lines.append(say("rank.most_units", district=shelf.name(plan), place=places, count=most))
        sections.append(Section(shelf.name(plan) if len(plans) > 1 else "", (), maker.entries(first)))
        shown += first
    return Answer(
        AnswerKind.COUNT, True, say("topic.who_comma").join(lines), tuple(sections), sources=sources(tuple(plans)),
        citations=citations(shown),
    )  # fmt: skip


def _units(task: Sequence[Clause]) -> int:
    return max(len(printed_names(clause)) for clause in task)
