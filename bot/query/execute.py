"""A query → its result: exact wherever the parsed plans hold the answer.

A result knows what was left out, so that “6 tasks, of which 2 speak of X” can always be said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from bot.query.grouping import group
from bot.query.plan_repository import PlanRepository
from bot.query.query import Match, Order, Query, UnitTerm, Where
from bot.query.search import TopicSearch
from bot.query.tasks import PlanTasks, find_tasks
from corpus.model import Clause, ClauseKind, Unit
from index.catalogue import OpenPlan


@dataclass(frozen=True, slots=True)
class TaskList:
    """The clauses that a query asks for, and those that it would have without its narrowing conditions."""

    parts: tuple[PlanTasks, ...]
    whole: tuple[PlanTasks, ...]

    @property
    def total(self) -> int:
        """How many tasks there are without the narrowing conditions, counted as a list numbers them."""
        return sum(len(group(part.all_clauses)) for part in self.whole)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses asked for, in the plans' order."""
        return tuple(clause for part in self.parts for clause in part.all_clauses)

    @property
    def narrowed(self) -> bool:
        """Whether the conditions left something out."""
        return len(self.clauses) < sum(len(part.all_clauses) for part in self.whole)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit of a plan with the tasks that name it."""

    plan: OpenPlan
    unit: Unit
    tasks: int


def find_list(shelf: PlanRepository, search: TopicSearch, where: Where) -> TaskList:
    """Return the clauses that meet every condition, the topic too."""
    whole = find_tasks(shelf, _unnarrowed(where))
    parts = find_tasks(shelf, where)
    if where.topic and parts:
        clauses = [clause for part in parts for clause in part.all_clauses]
        chosen = {clause.id for clause in search.among(where, clauses)}
        kept = (part.kept(lambda clause: clause.id in chosen) for part in parts)
        parts = tuple(part for part in kept if part.all_clauses)
    return TaskList(parts, whole)


def _unnarrowed(where: Where) -> Where:
    """Return the conditions that say whose list it is: the districts and the units, or the names."""
    match = where.match if where.match is Match.ANY else Match.ALL
    names = () if where.units else where.names
    return Where(districts=where.districts, units=where.units, match=match, names=names, assigned=where.assigned)


def ranking(shelf: PlanRepository, query: Query) -> tuple[tuple[Ranked, ...], ...]:
    """Return, by plan, its units by the number of tasks that name them; those left out of the query are left out."""
    out = frozenset(key for term in query.where.without for key in term.keys)
    found = []
    for plan in shelf.plans_of(query.where.districts):
        counts = Counter({unit.key: task_count(plan, unit) for unit in plan.units if unit.key not in out})
        ordered = counts.most_common() if query.order is not Order.FEWEST else counts.most_common()[::-1]
        units = {unit.key: unit for unit in plan.units}
        found.append(tuple(Ranked(plan, units[key], count) for key, count in ordered if count))
    return tuple(one for one in found if one)


def task_count(plan: OpenPlan, unit: Unit) -> int:
    """Count the tasks that name a unit, as its list does: a task of the body and its rows in the annex are one."""
    return len(group([clause for clause in plan.naming(unit.key) if clause.kind is ClauseKind.TASK]))


def one_by_one(query: Query) -> tuple[Query, ...]:
    """Return a query for each of the units asked about one by one."""

    def alone(term: UnitTerm) -> Query:
        return replace(query, where=replace(query.where, units=(term,)))

    return tuple(alone(term) for term in query.where.units)
