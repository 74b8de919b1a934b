"""What stands before and after a clause in its plan, for who reads on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.addressed import AddressKind, Ref
from bot.answering.listings import Listed
from bot.answering.places import place_name
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The clauses on both sides, none at the ends, and the plan that they stand in."""

    before: Listed | None
    after: Listed | None
    plan: Listed


def neighbours(shelf: PlanRepository, clause_id: str) -> Neighbours | None:
    """Return a clause's neighbours in the order of the text; None when there is no such clause."""
    clause = shelf.clause(clause_id)
    if clause is None:
        return None
    plan = shelf.plan(clause.plan)
    ids = [one.id for one in plan.clauses]
    at = ids.index(clause_id)
    before, after = plan.clauses[max(at - 1, 0) : at], plan.clauses[at + 1 : at + 2]
    whole = Listed(plan.meta.title, plan.meta.district, Ref(AddressKind.PLAN, plan.meta.id))
    return Neighbours(_listed(before), _listed(after), whole)


def _listed(clauses: tuple[Clause, ...]) -> Listed | None:
    return next((Listed(place_name(one), one.title, Ref(AddressKind.CLAUSE, one.id)) for one in clauses), None)
