"""Declines are claims about the plans: every one that can be provoked is held against the plans by a plain look."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from bot.answering.answer import Answer
from bot.conversation.answerer import Answerer
from bot.messages import table
from bot.query.chat_state import ChatState
from bot.query.claims import PROOFS
from bot.query.query import Match, Query, Select, UnitTerm, Where
from corpus.library.shipped import load_shipped_plans
from corpus.model import Clause, Plan
from tests.ask.chatting import Clock, answerer_over, parse

OTHER = """丁县修路方案

一、重点任务

（一）修桥。2025年底前建成桥梁3座。（牵头单位：县交通局；配合单位：县财政局）

（二）护坡。加固边坡。（责任单位：县交通局；完成时限：2026年6月底前）
"""
TOPICS = ("人才", "招商引资", "火箭发射")
YEARS = (2023, 2025, 2026, 2031)
NO_CLAIM = {"decline.no_last", "decline.unclear"}
"""Says nothing of any plan."""


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, ...]:
    """Both shipped plans and a small one on another subject."""
    return (*load_shipped_plans(), parse(OTHER, "丁县"))


@pytest.fixture(scope="module")
def over_all(tmp_path_factory: pytest.TempPathFactory, plans: tuple[Plan, ...]) -> Answerer:
    """An answerer over the plans, without the model."""
    return answerer_over(tmp_path_factory.mktemp("proofs"), Clock(), *plans)


def test_every_claim_has_its_proof() -> None:
    """Each message of the decline family that says something of the plans has a look at the data behind it."""
    parts = {"decline.unit_elsewhere", "decline.nearest", "decline.total", "decline.period"}
    said = {f"decline.{name}" for name in table("decline")} - parts - NO_CLAIM
    assert said | {"whether.no"} == set(PROOFS)


def queries(plans: tuple[Plan, ...]) -> Iterator[Query]:
    """Yield units × topics × years × ways to go together, of each district."""
    for plan in plans:
        districts = (plan.meta.district,)
        keys = sorted({unit.key for one in plans for unit in one.units})
        for key in keys:
            term = UnitTerm(key, (key,))
            yield Query(Select.TASKS, Where(districts, (term,)))
            yield Query(Select.TASKS, Where(districts, (term,), Match.ONLY))
            yield from (Query(Select.TASKS, Where(districts, (term,), topic=topic)) for topic in TOPICS)
            yield from (Query(Select.TASKS, Where(districts, (term,), years=(year,))) for year in YEARS)
        for first, second in pairwise(keys):
            yield Query(Select.TASKS, Where(districts, (UnitTerm(first, (first,)), UnitTerm(second, (second,)))))
        for year in YEARS:
            yield Query(Select.TASKS, Where(districts, years=(year,)))
            yield Query(Select.FIGURES, Where(districts, topic="中医馆", years=(year,)), words=f"{year}年中医馆")


def test_every_decline_holds(over_all: Answerer, plans: tuple[Plan, ...]) -> None:
    """No unit, topic or year is declined that stands in the plan after all."""
    by_district = {plan.meta.district: plan for plan in plans}
    count = 0
    for query in queries(plans):
        answer = over_all.answer_query(query)
        if not answer.answered:
            count += 1
            plan = by_district[query.where.districts[0]]
            assert holds(answer, query, plan), f"{answer.headline} {query.to_json()}"
    assert count > 300  # or the loop provokes nothing


def naming(plan: Plan, query: Query) -> list[Clause]:
    """Return the clauses of a plan that name all units of a query."""
    keys = {unit.name: unit.key for unit in plan.units}
    wanted = {term.keys[0] for term in query.where.units}
    return [one for one in plan.clauses if wanted <= {keys[ref.name] for ref in one.units}]


def holds(answer: Answer, query: Query, plan: Plan) -> bool:  # noqa: PLR0911 - a line for each claim
    """Whether what a decline says is so, told without the bot's own code."""
    own = naming(plan, query)
    texts = ["\n".join((*one.path, one.text, one.deadline)) for one in plan.clauses]
    match answer.declined:
        case "decline.unit":
            known = {unit.key for unit in plan.units}
            return any(term.keys[0] not in known for term in query.where.units)
        case "decline.joint":
            return not own
        case "decline.only":
            return all(len({ref.name for ref in one.units}) > 1 for one in own)
        case "decline.unit_topic":
            return not any(query.where.topic in "\n".join((*one.path, one.text)) for one in own)
        case "decline.year":
            return not any(f"{year}年" in text for year in query.where.years for text in texts)
        case "decline.year_figure":
            columns = {year for row in plan.indicators for year, _ in row.values}
            return not columns & set(query.where.years)
        case "decline.conditions":
            due = {target.year for one in own for target in one.targets if target.value is not None}
            return not due & set(query.where.years)
        case "decline.topic" | "decline.topic_elsewhere":
            return not any((query.where.topic or query.words) in text for text in texts)
    return False


@pytest.mark.parametrize("message", ["丁县财政局配合哪些", "丁县交通局牵头什么"])
def test_a_role_is_told_where_the_plan_marks_it(over_all: Answerer, message: str) -> None:
    """配合 and 牵头 pick clauses by the role that stands there."""
    answer, _ = over_all.ask(message, ChatState())
    assert [one.path[-1] for one in answer.citations] == ["（一）修桥"]


def test_the_proofs_can_fail(over_all: Answerer) -> None:
    """A claim that the plan contradicts is not proven."""
    shelf = over_all.shelf
    query = Query(Select.TASKS, Where(("丁县",), years=(2025,)))
    assert not PROOFS["decline.year"](shelf, query)
    assert PROOFS["decline.year"](shelf, Query(Select.TASKS, Where(("丁县",), years=(2031,))))
