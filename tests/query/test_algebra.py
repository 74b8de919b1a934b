"""The algebra against a naive loop: whatever is asked of whatever plans, the clauses are those a reader would count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.query.matching import matching
from bot.query.plan_repository import PlanRepository
from bot.query.query import GroupBy, Match, Order, Query, Select, UnitTerm, Where
from bot.query.tasks import find_tasks
from corpus.library.shipped import load_shipped_plans
from corpus.model import Clause, ClauseKind, Place, Plan, Role
from corpus.notation.dates import find_due, label_due
from tests.ask.chatting import parse
from tests.memory_catalogue import MemoryCatalogue

ROLES = """丁县修路方案

一、重点任务

（一）修桥。2025年底前建成桥梁3座。（牵头单位：县交通局；配合单位：县财政局）

（二）护坡。加固边坡。（责任单位：县交通局；完成时限：2024年6月底前）

（三）绿化。每年植树500棵。（责任单位：县林业局、县交通局）
"""


@cache
def plans() -> tuple[Plan, ...]:
    """Both shipped plans and a small one whose units have roles."""
    return (*load_shipped_plans(), parse(ROLES, "丁县"))


@cache
def shelf() -> PlanRepository:
    """The plans as the bot looks at them."""
    return PlanRepository(MemoryCatalogue(plans()))


KEYS = sorted({unit.key for plan in plans() for unit in plan.units})
TERMS = st.lists(st.sampled_from(KEYS).map(lambda key: UnitTerm(key, (key,))), max_size=3, unique=True).map(tuple)
WHERES = st.builds(
    Where,
    districts=st.sampled_from([(), ("巴南区",), ("渝中区",), ("丁县",), ("巴南区", "丁县")]),
    units=TERMS,
    match=st.sampled_from(Match),
    role=st.sampled_from([None, Role.LEAD, Role.COOPERATING, Role.RESPONSIBLE]),
    years=st.sampled_from([(), (2025,), (2027,), (2024, 2027), (1999,)]),
    before=st.sampled_from([None, date(2024, 12, 31), date(2027, 5, 31)]),
    figures=st.sampled_from([None, True, False]),
    place=st.sampled_from([None, Place.BODY, Place.ANNEX]),
)


def naive(plan: Plan, where: Where) -> Iterator[Clause]:  # noqa: C901 - one condition after the other
    """Yield the clauses that a reader would pick, one condition after the other."""
    keys = {unit.name: unit.key for unit in plan.units}
    for clause in plan.clauses:
        named = {keys[ref.name] for ref in clause.units}
        wanted: list[set[str]] = [set(term.keys) for term in where.units]
        if not wanted and clause.kind is not ClauseKind.TASK:
            continue
        if wanted:
            hits = [bool(named & own) for own in wanted]
            if not (any(hits) if where.match is Match.ANY else all(hits)):
                continue
            if where.match is Match.ONLY and named - {key for own in wanted for key in own}:
                continue
        if where.role:
            having = {keys[ref.name] for ref in clause.units if ref.role is where.role}
            held = [bool(having & own) for own in wanted]
            if not (having if not wanted else any(held) if where.match is Match.ANY else all(held)):
                continue
        dues = [*find_due(clause.body), *([label_due(clause.deadline)] if clause.deadline else [])]
        days = [due.deadline or date(due.year, 12, 31) for due in dues if due]
        if where.before and not any(day <= where.before for day in days):
            continue
        years = {due.year for due in dues if due}
        years |= {one.year for one in clause.targets if one.year and (one.value is not None or one.deadline)}
        if where.years and not years & set(where.years):
            continue
        if where.figures is not None and any(t.value is not None for t in clause.targets) is not where.figures:
            continue
        if where.place and clause.place is not where.place:
            continue
        yield clause


@given(where=WHERES)
@settings(max_examples=300, deadline=None)
def test_a_query_gives_what_a_naive_loop_gives(where: Where) -> None:
    """Set membership, whatever the conditions: none left out and none added, in the plan's order."""
    for plan, opened in zip(plans(), shelf().plans, strict=True):
        expected = [clause.id for clause in naive(plan, where)]
        assert [clause.id for clause in matching(opened, where)] == expected


@given(where=WHERES)
@settings(max_examples=150, deadline=None)
def test_only_is_in_all_and_all_is_in_any(where: Where) -> None:
    """Three ways for units to go together, each wider than the one before; without units they are the same."""
    found = {}
    for match in Match:
        asked = Where(where.districts, where.units, match)
        found[match] = {clause.id for plan in shelf().plans for clause in matching(plan, asked)}
    assert found[Match.ONLY] <= found[Match.ALL] <= found[Match.ANY]


@given(where=WHERES)
@settings(max_examples=150, deadline=None)
def test_a_condition_never_adds(where: Where) -> None:
    """With its conditions taken away a list of units holds at least what it held with them."""
    bare = Where(where.districts, where.units, where.match)
    for plan in shelf().plans:
        assert {one.id for one in matching(plan, where)} <= {one.id for one in matching(plan, bare)}


@given(where=WHERES)
@settings(max_examples=100, deadline=None)
def test_districts_add_up(where: Where) -> None:
    """The list of several districts is that of each, one behind the other."""
    asked = Where(("巴南区", "渝中区"), where.units, where.match)
    both = [clause.id for part in find_tasks(shelf(), asked) for clause in part.clauses]
    each = [
        clause.id
        for district in asked.districts
        for part in find_tasks(shelf(), Where((district,), where.units, where.match))
        for clause in part.clauses
    ]
    assert both == each


QUERIES = st.builds(
    Query,
    select=st.sampled_from(Select),
    where=WHERES,
    count=st.booleans(),
    group=st.sampled_from(GroupBy),
    order=st.sampled_from(Order),
    entry=st.integers(-1, 30),
    words=st.text(max_size=8),
)


@given(query=QUERIES)
@settings(max_examples=200, deadline=None)
def test_a_query_survives_its_json(query: Query) -> None:
    """What is kept between messages comes back as it was."""
    assert Query.from_json(query.to_json()) == query


@pytest.mark.parametrize("text", ["", "{", "[]", '{"select": "everything"}', '{"where": {}}', '{"kind": "duties"}'])
def test_what_is_no_query_is_none(text: str) -> None:
    """A state kept by another version, or a damaged one, is no question."""
    assert Query.from_json(text) is None
