"""What units answer for in each plan: by name, through a collective that has them in it, or where a place is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.query.matching import matching
from bot.query.plan_repository import PlanRepository
from bot.query.query import Match, Where
from corpus.model import Clause
from corpus.offices.units import collectives, place_stem
from index.catalogue import OpenPlan

Keep = Callable[[Clause], bool]


@dataclass(frozen=True, slots=True)
class PlanTasks:
    """The clauses of one plan that a query asks for."""

    plan: OpenPlan
    names: tuple[str, ...] = ()
    """The units asked for, as this plan prints them."""
    clauses: tuple[Clause, ...] = ()
    through: tuple[tuple[str, tuple[Clause, ...]], ...] = ()
    """Collectives that include the unit, each with the clauses that name it."""
    mentions: tuple[str, tuple[Clause, ...]] = ("", ())
    """The place's short name and the clauses that speak of it, no unit of theirs."""

    @property
    def all_clauses(self) -> tuple[Clause, ...]:
        """Clauses by name, then those through collectives, then those that only speak of it."""
        return (*self.clauses, *(clause for _, clauses in self.through for clause in clauses), *self.mentions[1])

    def kept(self, keep: Keep) -> PlanTasks:
        """Return what is left when only clauses that pass ``keep`` stay."""
        through = ((name, tuple(filter(keep, clauses))) for name, clauses in self.through)
        return replace(
            self,
            clauses=tuple(filter(keep, self.clauses)),
            through=tuple((name, clauses) for name, clauses in through if clauses),
            mentions=(self.mentions[0], tuple(filter(keep, self.mentions[1]))),
        )


def find_tasks(shelf: PlanRepository, where: Where) -> tuple[PlanTasks, ...]:
    """Return, by plan, the clauses that meet every condition but the topic; plans without any are left out."""
    found = [_of_plan(shelf, plan, where) for plan in shelf.plans_of(where.districts)]
    named = [one for one in found if one.clauses]
    return tuple(one for one in (named or found) if one.all_clauses)


def _of_plan(shelf: PlanRepository, plan: OpenPlan, where: Where) -> PlanTasks:
    clauses = matching(plan, where)
    names = tuple(_names_in(plan, where)) if clauses or where.match is Match.ANY else ()
    alone = len(where.units) == 1 and where.match is not Match.ONLY and not where.units[0].ambiguous
    through = tuple(_through(shelf, plan, where)) if alone else ()
    mentions = _mentions(shelf, plan, where) if alone else ("", ())
    return PlanTasks(plan, names or tuple(term.name for term in where.units), clauses, through, mentions)


def _names_in(plan: OpenPlan, where: Where) -> Iterable[str]:
    for term in where.units:
        for key in term.keys:
            unit = plan.unit(key)
            if unit:
                yield unit.name


def _through(shelf: PlanRepository, plan: OpenPlan, where: Where) -> Iterable[tuple[str, tuple[Clause, ...]]]:
    term = where.units[0]
    own = {clause.id for key in term.keys for clause in plan.naming(key)}
    if term.name in collectives():
        return
    for unit in shelf.collectives_with(plan, term.name):
        inside = replace(term, name=unit.name, keys=(unit.key,))
        clauses = matching(plan, replace(where, units=(inside,)))
        others = tuple(clause for clause in clauses if clause.id not in own)
        if others:
            yield unit.name, others


def _mentions(shelf: PlanRepository, plan: OpenPlan, where: Where) -> tuple[str, tuple[Clause, ...]]:
    """Return the tasks that speak of a street or town without naming it as a unit.

    接龙镇 stands in its plan as 接龙等镇街. Such tasks belong to a topic that is asked about there; what the town
    answers for is what names it.
    """
    name = where.units[0].name
    stem = place_stem(name)
    if not where.topic or stem in ("", name) or not shelf.collectives_with(plan, name):
        return "", ()
    named = {clause.id for clause in plan.naming(name)}
    return stem, tuple(one for one in plan.tasks if stem in one.body and one.id not in named)
