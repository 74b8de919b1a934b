"""A list with nothing in it: which condition left nothing, said only where the data proves it, and what there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.answer import Answer, Choice
from bot.answering.conditions import conditions_text
from bot.answering.declines import decline, districts_name, nearest_note, unit_decline, year_decline
from bot.messages import say
from bot.query.claims import is_proven, marks_role
from bot.query.execute import TaskList
from bot.query.plan_repository import PlanRepository
from bot.query.query import Match, Query
from corpus.model import Clause

Ask = Callable[[Query], Answer]


def no_tasks(shelf: PlanRepository, query: Query, found: TaskList, near: Sequence[Clause], ask: Ask) -> Answer:
    """Decline a list, or answer it without a condition that the plans don't make; ``ask`` answers another query."""
    where = query.where
    if where.units and is_proven(shelf, query, "decline.unit"):
        return unit_decline(shelf, query)
    if where.role and not marks_role(shelf, query):
        answer = ask(replace(query, where=replace(where, role=None)))
        return (
            replace(answer, notes=(say(f"topic.no_{where.role.value}"), *answer.notes)) if answer.answered else answer
        )
    if late := year_decline(shelf, query):
        return late
    reason = _reason(shelf, query)
    return decline(
        reason,
        notes=(*_total(query, found), *nearest_note(shelf, near)),
        choices=_choices(query, found),
        districts=districts_name(shelf, where.districts),
        unit="、".join(term.name for term in where.units),
        topic=where.topic,
        condition=conditions_text(query),
    )


def _reason(shelf: PlanRepository, query: Query) -> str:
    """Return the message that names the condition to blame."""
    where = query.where
    if not is_proven(shelf, query, "decline.conditions"):
        return "decline.unit_topic" if where.units else "decline.topic"
    if is_proven(shelf, query, "decline.joint"):
        return "decline.joint"
    if where.match is Match.ONLY:
        return "decline.only"
    if where.before or where.dated:
        return "decline.deadline"
    if where.recurring:
        return "decline.recurring"
    return "decline.conditions"


def _total(query: Query, found: TaskList) -> tuple[str, ...]:
    if not query.where.units or not found.total:
        return ()
    return (say("decline.total", unit="、".join(term.name for term in query.where.units), count=found.total),)


def _choices(query: Query, found: TaskList) -> tuple[Choice, ...]:
    if not found.total:
        return ()
    names = [term.name for term in query.where.units]
    return tuple(Choice(say("choice.all_of", unit=name), say("choice.duties_of", unit=name)) for name in names)
