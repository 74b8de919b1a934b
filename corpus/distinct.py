"""Ids that stay distinct when one district has several plans: the first keeps them bare, the others name their plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from corpus.ids import short_district
from corpus.model import Plan


def distinct(plans: Iterable[Plan]) -> tuple[Plan, ...]:
    """Return the plans in order; a later plan of a district already there has ids such as 巴南·教育 一(一)."""
    taken: set[str] = set()
    found: list[Plan] = []
    for plan in plans:
        short = short_district(plan.meta)
        found.append(_renamed(plan, short, f"{short}·{plan.meta.id}") if short in taken else plan)
        taken.add(short)
    return tuple(found)


def _renamed(plan: Plan, short: str, prefix: str) -> Plan:
    def new(clause_id: str) -> str:
        return prefix + clause_id.removeprefix(short)

    clauses = tuple(
        replace(clause, id=new(clause.id), counterparts=tuple(map(new, clause.counterparts))) for clause in plan.clauses
    )
    indicators = tuple(replace(one, id=new(one.id), clauses=tuple(map(new, one.clauses))) for one in plan.indicators)
    return replace(plan, clauses=clauses, indicators=indicators)
