"""Many districts: what can't be shown side by side is counted, and the one meant is asked for."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.query.plan_repository import FEW
from tests.ask.chatting import Clock, answerer_over, parse, text

NAMES = [f"{name}县" for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯"]


def document(number: int) -> str:
    """Return a small plan of which only the first and second name a unit of their own."""
    own = "、县文物局" if number < 2 else ""
    return (
        "方案\n一、重点任务\n"
        f"（一）扩建学校。到2027年新建小学{number + 2}所。（责任单位：县教委{own}）\n"
        f"（二）修好道路。每年整修道路{number + 10}公里。（责任单位：县交通局）\n"
    )


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """More districts than an answer covers, each with a plan."""
    plans = [parse(document(number), name) for number, name in enumerate(NAMES)]
    return answerer_over(tmp_path_factory.mktemp("many"), Clock(), *plans)


def test_a_unit_of_many_districts_is_counted_and_the_district_asked_for(many: Answerer) -> None:
    """Nothing is left out silently: the count is of all districts, and a tap leads to one."""
    assert len(NAMES) > FEW
    answer, state = many.ask("县教委负责什么")
    assert answer.kind is AnswerKind.CHOOSE
    assert f"{len(NAMES)}个区县" in answer.headline
    assert f"共{len(NAMES)}项" in answer.headline
    one, _ = many.ask(answer.choices[1].say, state)
    assert [citation.district for citation in one.citations] == ["乙县"]


def test_a_named_district_is_answered_as_ever(many: Answerer) -> None:
    """With the district in the question, or as the chat's own, the list is that district's."""
    named, _ = many.ask("丙县教委负责什么")
    default, _ = many.ask("县教委负责什么", ChatState(district="丙县"))
    assert [citation.district for citation in named.citations] == ["丙县"]
    assert named.citations == default.citations


def test_a_unit_of_two_districts_is_listed_at_once(many: Answerer) -> None:
    """Where only a few districts know the unit, nobody needs to say which."""
    answer, _ = many.ask("县文物局负责什么")
    assert [citation.district for citation in answer.citations] == ["甲县", "乙县"]


@pytest.mark.parametrize("question", ["有哪些责任单位", "一共几项任务", "哪些要在2027年6月前完成", "主要指标有哪些"])
def test_lists_of_every_plan_ask_for_the_district(many: Answerer, question: str) -> None:
    """A list that no phone could show asks which district is meant, and says how many there are."""
    answer, _ = many.ask(question)
    assert answer.kind is AnswerKind.CHOOSE
    assert f"{len(NAMES)}个" in answer.headline


def test_a_topic_is_searched_in_all_districts(many: Answerer) -> None:
    """A topic finds its clauses wherever they stand, and a figure its district."""
    answer, _ = many.ask("道路谁负责")
    assert answer.answered
    assert all("道路" in citation.text for citation in answer.citations)
    assert "15公里" in text(many.ask("己县每年整修道路多少公里")[0])


def test_help_and_declines_do_not_list_every_district(many: Answerer) -> None:
    """Lines that name the districts stay one line long."""
    for question in ("你好", "北京市海淀区教委负责什么", "县药监局负责什么"):
        answer, _ = many.ask(question)
        assert "丑县" not in answer.headline
        assert len(answer.headline) < 80


def test_typing_a_name_suggests_the_unit_once(many: Answerer) -> None:
    """A unit that every district has is offered once, not once a district."""
    offered = many.suggest("县教")
    assert [one.label for one in offered if one.id.startswith("u ")] == ["县教委"]
    assert many.suggest("整修道路")[0].detail.endswith("（二）")


def test_the_plans_of_a_named_district_are_listed(many: Answerer) -> None:
    """Which plans there are is asked of one district too, however many there are in all."""
    answer, _ = many.ask("卯县有哪些方案")
    assert "卯县试行方案" in text(answer)
    assert "甲县试行方案" not in text(answer)
