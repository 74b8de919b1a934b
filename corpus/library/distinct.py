"""Ids that stay distinct when one district has several plans: the first keeps them bare, the others name their plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from corpus.assembly.ids import short_district
from corpus.model import Plan, PlanMeta


def bare(metas: Iterable[PlanMeta]) -> tuple[bool, ...]:
    """Return for each plan, in order, whether it is its district's first and keeps its ids bare."""
    taken: set[str] = set()
    found = []
    for meta in metas:
        short = short_district(meta)
        found.append(short not in taken)
        taken.add(short)
    return tuple(found)


def renamed(plan: Plan) -> Plan:
    """Return a later plan of a district with ids that name it, such as 巴南·教育 一(一)."""
    short = short_district(plan.meta)
    prefix = f"{short}·{plan.meta.id}"

    def new(clause_id: str) -> str:
        return prefix + clause_id.removeprefix(short)

    clauses = tuple(
        replace(clause, id=new(clause.id), counterparts=tuple(map(new, clause.counterparts))) for clause in plan.clauses
    )
    indicators = tuple(replace(one, id=new(one.id), clauses=tuple(map(new, one.clauses))) for one in plan.indicators)
    return replace(plan, clauses=clauses, indicators=indicators)
