"""A known plan by its id."""

from __future__ import annotations

from corpus.library.added import PlanStore
from corpus.library.shipped import load_plans
from corpus.model import Plan
from corpus.readers import ReadError


def find_plan(plan_id: str, store: PlanStore) -> Plan:
    """Return the shipped or added plan with this id; ReadError names those that there are."""
    plans = load_plans(store.folder)
    found = next((plan for plan in plans if plan.meta.id == plan_id), None)
    if found is None:
        raise ReadError("unknown_plan", plan=plan_id, known="、".join(plan.meta.id for plan in plans))
    return found
