"""What a decline says about the plans, each claim with the look at the data that proves it.

A decline is sent only when its proof holds, and a test holds every one against the plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from bot.query.due import is_timed, years_due, years_printed
from bot.query.facts import fact_of
from bot.query.numbered import find_clauses
from bot.query.plan_repository import PlanRepository
from bot.query.query import Fact, Query, UnitTerm, Where
from bot.query.tasks import find_tasks
from corpus.model import Clause, ClauseKind, Role
from index.catalogue import OpenPlan

Proof = Callable[[PlanRepository, Query], bool]


def _plans(shelf: PlanRepository, query: Query) -> tuple[OpenPlan, ...]:
    return shelf.plans_of(query.where.districts)


def _clauses(shelf: PlanRepository, query: Query) -> Iterable[Clause]:
    return (clause for plan in _plans(shelf, query) for clause in plan.clauses)


def _full_text(clause: Clause) -> str:
    return "\n".join((*clause.path, clause.text))


def unnamed(shelf: PlanRepository, query: Query) -> tuple[UnitTerm, ...]:
    """Return the units asked for that no clause of these plans names, nor any collective includes."""
    where = Where(districts=query.where.districts)
    return tuple(term for term in query.where.units if not find_tasks(shelf, replace(where, units=(term,))))


def unit_is_nowhere(shelf: PlanRepository, query: Query) -> bool:
    """Whether some unit asked for is named by no clause of these plans."""
    return bool(unnamed(shelf, query))


def never_together(shelf: PlanRepository, query: Query) -> bool:
    """Whether no clause names all of the units."""
    where = Where(districts=query.where.districts, units=query.where.units)
    return len(query.where.units) > 1 and not find_tasks(shelf, where)


def nothing_under_conditions(shelf: PlanRepository, query: Query) -> bool:
    """Whether no clause of the units (or of the plans) meets the exact conditions."""
    return not find_tasks(shelf, replace(query.where, topic=""))


def units_are_silent_on_topic(shelf: PlanRepository, query: Query) -> bool:
    """Whether no clause of the units holds the topic's words."""
    parts = find_tasks(shelf, replace(query.where, topic=""))
    words = query.where.topic.split()
    return not any(all(word in _full_text(clause) for word in words) for part in parts for clause in part.all_clauses)


def topic_is_nowhere(shelf: PlanRepository, query: Query) -> bool:
    """Whether no clause of the plans holds the topic as it was asked for."""
    topic = query.where.topic or query.words
    return not any(topic in _full_text(clause) for clause in _clauses(shelf, query))


def year_is_nowhere(shelf: PlanRepository, query: Query) -> bool:
    """Whether no clause, target, deadline or column of the plans has the year."""
    wanted = set(query.where.years)
    known: set[int] = set()
    for plan in _plans(shelf, query):
        known |= {year for row in plan.indicators for year, _ in row.values}
        known |= {year for clause in plan.clauses for year in years_due(clause)}
        known |= years_printed(text for clause in plan.clauses for text in (clause.text, clause.deadline))
    return bool(wanted) and not wanted & known


def year_has_no_figure(shelf: PlanRepository, query: Query) -> bool:
    """Whether no target, deadline or column of the plans is of the year."""
    wanted = set(query.where.years)
    known = {year for plan in _plans(shelf, query) for row in plan.indicators for year, _ in row.values}
    known |= {year for clause in _clauses(shelf, query) for year in years_due(clause)}
    return bool(wanted) and not wanted & known


def topic_has_no_state(shelf: PlanRepository, query: Query) -> bool:
    """Whether no state at the start and no indicator holds the topic."""
    now = (ClauseKind.STATUS, ClauseKind.INDICATOR)
    topic = query.where.topic
    return not any(clause.kind in now and topic in _full_text(clause) for clause in _clauses(shelf, query))


def topic_has_no_time(shelf: PlanRepository, query: Query) -> bool:
    """Whether no clause that holds the topic states a time for it."""
    topic = query.where.topic
    return not any(is_timed(one, [topic]) for one in _clauses(shelf, query) if topic in _full_text(one))


def fact_is_nowhere(shelf: PlanRepository, query: Query) -> bool:
    """Whether none of these plans tells the fact of itself."""
    return not any(fact_of(plan, query.fact or Fact.TITLE) for plan in _plans(shelf, query))


def number_is_nowhere(shelf: PlanRepository, query: Query) -> bool:
    """Whether no clause has the number."""
    return query.clause is not None and not find_clauses(shelf, query.where.districts, query.clause)


def no_clause_beyond(shelf: PlanRepository, query: Query) -> bool:
    """Whether a clause stands where one counts from, and none where the steps lead."""
    ref, districts = query.clause, query.where.districts
    if ref is None or not ref.step:
        return False
    return not find_clauses(shelf, districts, ref) and bool(find_clauses(shelf, districts, replace(ref, step=0)))


def place_has_no_plan(shelf: PlanRepository, query: Query) -> bool:
    """Whether no plan is of the district."""
    return not set(query.where.districts) & set(shelf.districts)


def no_plans(shelf: PlanRepository, query: Query) -> bool:  # noqa: ARG001 - every proof takes both
    """Whether there are no plans at all."""
    return not shelf.districts


PROOFS: Mapping[str, Proof] = {
    "decline.nothing": no_plans,
    "decline.unit": unit_is_nowhere,
    "decline.joint": never_together,
    "decline.only": nothing_under_conditions,
    "decline.deadline": nothing_under_conditions,
    "decline.recurring": nothing_under_conditions,
    "decline.conditions": nothing_under_conditions,
    "decline.unit_topic": units_are_silent_on_topic,
    "decline.topic": topic_is_nowhere,
    "decline.topic_elsewhere": topic_is_nowhere,
    "decline.year": year_is_nowhere,
    "decline.year_figure": year_has_no_figure,
    "decline.now": topic_has_no_state,
    "decline.when": topic_has_no_time,
    "decline.fact": fact_is_nowhere,
    "decline.no_more_clauses": no_clause_beyond,
    "decline.clause": number_is_nowhere,
    "decline.place": place_has_no_plan,
    "whether.no": units_are_silent_on_topic,
}
"""Message that denies something → what must hold for it to be said."""


def is_proven(shelf: PlanRepository, query: Query, reason: str) -> bool:
    """Whether what the message ``reason`` says of the plans holds for this query."""
    return PROOFS[reason](shelf, query)


def marks_role(shelf: PlanRepository, query: Query) -> bool:
    """Whether some task of these plans marks a role other than plain responsibility."""
    return any(
        ref.role is not Role.RESPONSIBLE for plan in _plans(shelf, query) for task in plan.tasks for ref in task.units
    )
