"""A short form that several units share is asked back, not guessed."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from bot.conversation.answerer import Answerer
from corpus.model import Plan
from tests.ask.chatting import Chat, Clock, answerer_over, ids, naming, parse

TWO = """甲区试行方案

一、重点任务

（一）整治河道。清理河道垃圾。（责任单位：东湖风景区管委会、区水利局）

（二）扩建厂房。新建厂房3栋。（责任单位：西山开发区管委会）
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan with two 管委会."""
    return parse(TWO, "甲区")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Answerer:
    """An answerer over it."""
    return answerer_over(tmp_path_factory.mktemp("two"), Clock(), plan)


@pytest.fixture
def asked(two: Answerer) -> Chat:
    """A new conversation about it."""
    return Chat(two, Clock())


def test_an_ambiguous_name_is_asked_back(asked: Chat) -> None:
    """管委会 may be either; the answer names both and cites nothing."""
    answer = asked.ask("管委会负责什么")
    assert answer.kind is AnswerKind.CHOOSE
    assert [choice.label for choice in answer.choices] == ["东湖风景区管委会", "西山开发区管委会"]
    assert not answer.citations


def test_what_a_choice_says_is_understood(asked: Chat, plan: Plan) -> None:
    """Tapping a choice gives the duties of that unit."""
    for choice in asked.ask("管委会负责什么").choices:
        assert ids(asked.ask(choice.say)) == naming(plan, choice.label)


def test_one_more_word_tells_them_apart(asked: Chat, plan: Plan) -> None:
    """A short form that fits one of them only is that one."""
    assert ids(asked.ask("东湖管委会负责什么")) == naming(plan, "东湖风景区管委会")


def test_what_only_one_unit_can_mean_is_not_asked_back(chat: Chat, yuzhong: Plan) -> None:
    """The shipped plans have one 管委会, and get no question back."""
    assert ids(chat.ask("管委会负责什么")) == naming(yuzhong, "历史文化街区管委会")
