"""Plans by what a person calls them: an id, a file, a district."""

from __future__ import annotations

from pathlib import Path

from corpus.library.added import PlanStore
from corpus.library.shipped import load_plans
from corpus.library.source import read_plan
from corpus.model import Plan
from corpus.readers import ReadError


def find_plan(plan_id: str, store: PlanStore) -> Plan:
    """Return the shipped or added plan with this id; ReadError names those that there are."""
    plans = load_plans(store.folder)
    found = next((plan for plan in plans if plan.meta.id == plan_id), None)
    if found is None:
        raise ReadError("unknown_plan", plan=plan_id, known="、".join(plan.meta.id for plan in plans))
    return found


def meant_plans(name: str, district: str, store: PlanStore) -> tuple[Plan, ...]:
    """Return the plan in a file or with an id, without a name all there are (of ``district``); ReadError for none."""
    if name and (Path(name).suffix or Path(name).exists()):
        return (read_plan(Path(name), district),)
    if name:
        return (find_plan(name, store),)
    plans = load_plans(store.folder)
    found = tuple(plan for plan in plans if district in {"", plan.meta.district})
    if not found:
        known = "、".join(dict.fromkeys(plan.meta.district for plan in plans))
        raise ReadError("no_district", district=district, known=known)
    return found
