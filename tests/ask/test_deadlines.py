"""What is due by when."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from tests.ask.chatting import Chat, Clock, answerer_over, ids, parse, text

DUE = """甲区试行方案

一、重点任务

（一）修建大坝。2025年底前完工。（责任单位：区水利局）

（二）疏浚河道。2026年3月前完成。（责任单位：区水利局）

（三）植树造林。到2027年，新增林地10处。（责任单位：区林业局）
"""


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The clock of the small plan's answerer."""
    return Clock()


@pytest.fixture(scope="module")
def due(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Chat:
    """A conversation about a plan with three dates."""
    return Chat(answerer_over(tmp_path_factory.mktemp("due"), clock, parse(DUE, "甲区")), clock)


@pytest.mark.parametrize("message", ["哪些要在2027年6月前完成", "2027年6月以前到期的有哪些", "2027年6月前的任务"])
def test_due_before_a_month(chat: Chat, message: str) -> None:
    """Only the tasks that state a date no later than the one asked for, with the sentence that states it."""
    answer = chat.ask(message)
    assert answer.kind is AnswerKind.DEADLINE
    assert ids(answer) == {"渝中 1.1.1"}
    assert "2027年6月前" in text(answer)


@pytest.mark.parametrize(
    ("day", "titles"),
    [
        ((2025, 3, 1), {"修建大坝"}),
        ((2026, 3, 1), {"修建大坝", "疏浚河道"}),
        ((2027, 3, 1), {"修建大坝", "疏浚河道", "植树造林"}),
    ],
)
def test_due_this_year(due: Chat, clock: Clock, day: tuple[int, int, int], titles: set[str]) -> None:
    """今年 is the year in which it is asked."""
    clock.set(*day)
    answer = due.fresh("今年要完成的有哪些")
    assert {entry.title.rstrip("。") for section in answer.sections for entry in section.entries} == titles


def test_the_turn_of_the_year_is_chongqing_s(due: Chat, clock: Clock) -> None:
    """At five in the afternoon of 31 December in Greenwich it is next year already."""
    clock.set(2026, 1, 1)
    clock.wait(-11 * 60)
    assert "2026年12月31日" in due.fresh("今年要完成的有哪些").headline


def test_nothing_due_is_declined(chat: Chat, shared_clock: Clock) -> None:
    """In 2025 nothing is due in either plan, and the answer says by when it looked."""
    shared_clock.set(2025, 6, 1)
    answer = chat.ask("今年要完成的有哪些")
    assert not answer.answered
    assert "2025年12月31日" in answer.headline


def test_all_stated_dates(chat: Chat) -> None:
    """Without a date, every task that states a day or month comes."""
    assert "渝中 1.1.1" in ids(chat.ask("哪些任务有时间要求"))
