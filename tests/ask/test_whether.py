"""Yes or no, with the reason, made from what the plans name."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from tests.ask.chatting import Chat, ids


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("巴南古籍保护归不归文旅委管", "归：巴南区点名区文化旅游委（附件 三（一），共4家）"),
        ("巴南古籍保护是不是由教委负责", "是：巴南区点名区教委（附件 三（一），共4家）"),
        (
            "渝中古籍保护要不要教委参与",
            "不用：渝中区写到“古籍保护”的条款（正文 四（一） · 附件 3.1）没有列区教委，列的是区卫健委、区文旅委",
        ),
        ("渝中中医药文化传播用不用街道参与", "要：渝中区点名各街道（正文 七（二） · 附件 6.2.1，共5家）"),
    ],
)
def test_the_first_line_says_yes_or_no_and_why(chat: Chat, message: str, line: str) -> None:
    """The words of the answer are those of the question; the clause and who it names stand behind them."""
    answer = chat.fresh(message)
    assert answer.kind is AnswerKind.WHO
    assert answer.headline == line


def test_no_shows_whom_the_clauses_name(chat: Chat) -> None:
    """Below a no stand the clauses with all of their units."""
    answer = chat.fresh("渝中古籍保护要不要教委参与")
    assert {"渝中 四(一)", "渝中 3.1"} <= ids(answer)
    assert all(entry.units_in_full for section in answer.sections for entry in section.entries)


def test_each_district_has_its_own_yes_or_no(chat: Chat) -> None:
    """One plan names the unit for it, the other does not."""
    assert chat.fresh("古籍保护要不要教委管").headline.startswith("要：巴南区点名区教委")
    assert "；不用：渝中区" in chat.fresh("古籍保护要不要教委管").headline


def test_a_unit_that_no_plan_names_is_declined(chat: Chat) -> None:
    """No is not said of what is nowhere: it is told that the unit is not there."""
    assert chat.fresh("巴南古籍保护要不要气象局管").declined == "decline.unit"


def test_a_role_that_the_plan_does_not_mark(chat: Chat) -> None:
    """Who leads is not told where the plan doesn't say; that it is named is."""
    answer = chat.fresh("巴南古籍保护是不是由教委牵头")
    assert answer.headline.startswith("是：巴南区点名区教委")
    assert "原文没有写明牵头单位，只列出责任单位。" in answer.notes


def test_another_unit_after_it(chat: Chat) -> None:
    """那…呢 asks the same of another unit."""
    one = chat.other("渝中区")
    one.ask("古籍保护要不要教委管")
    assert one.ask("那文旅委呢").headline.startswith("是：渝中区点名区文旅委")


def test_whether_a_thing_is_spoken_of(chat: Chat) -> None:
    """Without a unit it is told whether the plan says it."""
    assert chat.fresh("渝中古籍保护有没有要求").headline.startswith("有。渝中区：强化中医药古籍文献传承保护")
