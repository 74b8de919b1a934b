"""Plans about other subjects: what is small talk or abuse beside one plan is what another is about."""

from __future__ import annotations

import pytest

from bot.conversation.answerer import Answerer
from tests.ask.chatting import Clock, answerer_over, ids, parse

DOCUMENT = (
    "方案\n一、重点任务\n"
    "（一）处置固体废物。规范处置固体废物和建筑垃圾。（责任单位：县生态环境局）\n"
    "（二）优化公交线网。新开公交线路5条，建设智慧停车泊位300个。（责任单位：县交通局）\n"
    "（三）建设法治乡村。打造民主法治示范村10个。（责任单位：县司法局、各镇人民政府、各乡人民政府）\n"
    "（四）办好足球联赛。每年举办青少年足球联赛。（责任单位：县体育局）\n"
)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """A plan about the environment, traffic, villages and sports."""
    return answerer_over(tmp_path_factory.mktemp("other"), Clock(), parse(DOCUMENT, "甲县"))


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("固体废物谁负责", "一(一)"),
        ("建筑垃圾怎么处置", "一(一)"),
        ("公交线网怎么优化", "一(二)"),
        ("智慧停车谁负责", "一(二)"),
        ("法治乡村谁负责", "一(三)"),
        ("足球联赛谁来办", "一(四)"),
    ],
)
def test_what_a_plan_is_about_is_answered(other: Answerer, question: str, clause: str) -> None:
    """A word that the plan prints is its subject, whatever it means elsewhere."""
    answer, _ = other.ask(question)
    assert answer.answered
    assert {one.rpartition(" ")[2] for one in ids(answer)} == {clause}


@pytest.mark.parametrize("question", ["你个蠢货", "今天天气怎么样", "从车站怎么走"])
def test_what_no_plan_is_about_is_declined(other: Answerer, question: str) -> None:
    """What the plan does not print stays what it is."""
    assert not other.ask(question)[0].answered
