"""Answers keep to their plans: questions made of every plan, each answer held against what the plan prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answering.answer import Answer, AnswerKind, Entry, Figure, Party, Quote, Section
from bot.answering.examples import examples
from bot.answering.figures import counted
from bot.answering.places import place_name
from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.query.plan_repository import PlanRepository
from bot.query.titles import short_title
from bot.serving.open_answerer import open_answerer
from corpus.model import Clause, ClauseKind, PlanMeta
from scripts.measures.answer_rules import told_badly, units_badly
from scripts.measures.answers import MEDIAN, TOPIC, Checked, faults, measure, plans_of, shares
from scripts.measures.wordings.data_folder import data_folder

FLOOR = {TOPIC: 0.95}
"""Share of a rule that is not kept everywhere; of every other, all."""
LONGEST = 350
"""Characters of the median answer that is no list."""


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The shipped plans and the made-up ones."""
    return open_answerer(data_folder())


@pytest.fixture(scope="module")
def found(answerer: Answerer) -> list[Checked]:
    """What is found of the answers to all questions."""
    return measure(answerer, plans_of(answerer))


def test_the_level_is_kept(found: list[Checked]) -> None:
    """Every rule is kept as well as was reached, over enough questions, and answers are short."""
    assert len(found) >= 200
    reached = shares(found)
    assert {rule: share for rule, share in reached.items() if share < FLOOR.get(rule, 1.0)} == {}, list(faults(found))
    assert reached[MEDIAN] <= LONGEST


def test_every_place_shown_of_every_clause_has_its_own_units(answerer: Answerer) -> None:
    """A clause asked for by its number shows the units that the plan prints there, and no others."""
    wrong = [
        fault
        for plan in plans_of(answerer) for clause in plan.clauses if clause.kind is ClauseKind.TASK
        for fault in units_badly(answerer.ask(clause.title, ChatState(district=plan.meta.district))[0], plan)
        if "another plan" not in fault
    ]  # fmt: skip
    assert wrong == []


def test_units_lent_to_another_place_are_found(answerer: Answerer) -> None:
    """The rule tells a place that shows one unit too many, and a number that stands nowhere."""
    plan = plans_of(answerer)[0]
    clause = next(one for one in plan.clauses if one.units)
    good = _answer(clause, tuple(ref.printed for ref in clause.units), "")
    assert list(units_badly(good, plan)) == []
    assert list(units_badly(_answer(clause, ("区气象局",), ""), plan)) != []
    assert list(told_badly(_answer(clause, (), "987654个"), plan)) != []


def _answer(clause: Clause, units: tuple[str, ...], figure: str) -> Answer:
    quote = Quote(clause.id, place_name(clause), clause.path, clause.text)
    entry = Entry(
        1, place_name(clause), clause.title, "", (Figure("", figure),), units, frozenset(), True, (), (quote,),
        parties=(Party("", units),) if units else (),
    )  # fmt: skip
    return Answer(AnswerKind.WHO, True, "", (Section("", (), (entry,)),))


@pytest.mark.parametrize(
    ("value", "counter", "told"),
    [
        ("24", "个", "24个"),
        ("≥90", "%", "≥90%"),
        ("1—2", "名", "1—2名"),
        ("6左右", "%", "6左右（单位：%）"),
        ("与经济增长同步", "%", "与经济增长同步"),
        ("—", "%", "—"),
        ("20万吨", "吨", "20万吨"),
    ],
)
def test_a_counter_stands_behind_numbers_only(value: str, counter: str, told: str) -> None:
    """What a table prints in words stays as it is."""
    assert counted(value, counter) == told


def test_a_state_is_labelled_with_its_own_plan_s_year(answerer: Answerer) -> None:
    """The heading is that of the plan."""
    plan = next(one for one in plans_of(answerer) if one.meta.id == "qinglan")
    status = next(one for one in plan.clauses if one.kind is ClauseKind.STATUS)
    assert place_name(status).endswith("2024年情况")


def test_examples_come_from_the_plans_and_are_answered(answerer: Answerer) -> None:
    """Each can be asked; a decline without a way on offers them."""
    offered = examples(answerer.shelf)
    assert len(offered) == 3
    assert all(answerer.ask(one.say)[0].answered for one in offered)
    assert answerer.ask("今天天气怎么样")[0].choices == offered


def test_several_plans_of_a_district_are_told_apart(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a district has more than one plan, the plan's short name stands behind it."""
    shelf = answerer.shelf
    plan = shelf.plan("yunhu")
    assert shelf.name(plan) == "云湖市"
    monkeypatch.setattr(type(shelf.catalogue), "plan_ids", lambda *_: ("yunhu", "xiquan"))
    assert shelf.name(plan) == "云湖市·养老服务体系建设"
    assert PlanRepository(shelf.catalogue).short(plan) == "云湖·养老服务体系建设"


def test_a_title_s_subject() -> None:
    """District, years and kind of document are cut off; what has no subject keeps its id."""
    meta = PlanMeta("x", "临江区", "临江区养老服务三年行动计划（2025—2027年）", "", date(2025, 1, 1), None, None)
    assert short_title(meta) == "养老服务"
    assert short_title(replace(meta, title="临江区实施方案")) == "x"
    long = replace(meta, title="关于加快推进农业机械化和农机装备产业转型升级的指导意见")
    assert short_title(long) == "农业机械化"
    assert short_title(replace(meta, title="临江区推广第二批支持创新相关改革举措的通知")) == "推广第二批支持创新相关…"
