"""Asking for a picture: the words for it, the answer they belong to, and the days that are left."""

from __future__ import annotations

import pytest

from tests.ask.chatting import Chat, text


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        ("渝中 主要指标 图", "渝中 主要指标"),
        ("渝中区主要指标看图", "渝中区主要指标"),
        ("區教委負責什麼 圖", "区教委负责什么"),
        ("区教委的图", "区教委"),
        ("区卫健委负责什么，画成图。", "区卫健委负责什么"),
    ],
)
def test_words_for_a_picture_change_nothing_else(chat: Chat, message: str, plain: str) -> None:
    """The answer is that of the question without them, and says that a picture is wanted."""
    drawn, without = chat.fresh(message), chat.fresh(plain)
    assert drawn.picture
    assert not without.picture
    assert text(drawn) == text(without)


@pytest.mark.parametrize("message", ["图书馆的任务", "一图读懂", "路线图", "意图"])
def test_a_word_that_only_ends_so_is_no_wish(chat: Chat, message: str) -> None:
    """A picture is not drawn for a map, a library or an intention."""
    assert not chat.fresh(message).picture


def test_look_at_the_last_answer(chat: Chat) -> None:
    """看图 after a list means that list, on its page, and leaves the conversation where it was."""
    chat.ask("渝中区卫健委负责什么")
    second = chat.ask("下一页")
    drawn = chat.ask("看图")
    assert drawn.picture
    assert (text(drawn), drawn.page) == (text(second), 2)
    assert chat.ask("下一页").page == 3


def test_every_answer_that_offers_a_picture_gives_one_when_told_so(chat: Chat) -> None:
    """The button's words work as typed ones do."""
    for question in ("主要指标", "区教委负责什么", "还剩几天"):
        (choice,) = [one for one in chat.ask(question).choices if one.label == "看图"]
        assert chat.ask(choice.say).picture


def test_a_picture_of_nothing_is_not_promised(chat: Chat) -> None:
    """Without a question before, or after a decline, there is nothing to draw."""
    assert not chat.fresh("看图").picture
    assert not chat.fresh("渝北区教委负责什么 图").picture


def test_a_district_and_indicators_is_the_table(chat: Chat) -> None:
    """渝中 指标 means the plan's table, as 主要指标 does."""
    assert text(chat.fresh("渝中 指标")) == text(chat.fresh("渝中区主要指标"))


def test_days_left_are_counted_to_the_plans_end(chat: Chat) -> None:
    """On 1 March 2025 there are 1,035 days to the end of 2027; only the named district's plan counts."""
    answer = chat.ask("渝中还剩几天")
    assert "还有1035天" in answer.headline
    assert [(one.name, (one.due - one.today).days) for one in answer.countdowns] == [("渝中区", 1035)]
    assert "巴南" not in text(answer)
    assert len(chat.fresh("倒计时").countdowns) == 2


def test_a_plan_whose_time_is_over_counts_no_days(chat: Chat) -> None:
    """After its last year a plan says so, and there is nothing to draw."""
    chat.clock.set(2028, 1, 1)
    answer = chat.ask("还剩几天")
    assert "已于2027年12月31日结束" in answer.headline
    assert not answer.countdowns


def test_indicators_come_as_data_too(chat: Chat) -> None:
    """Each row's values are there as printed and as numbers, in the table's order."""
    (section,) = chat.ask("巴南区主要指标").sections
    clinic = next(one for one in section.series if one.name == "中医馆")
    assert [(point.year, point.text, point.value) for point in clinic.points] == [
        (2023, "23个", 23.0),
        (2027, "24个", 24.0),
    ]
    assert len(section.series) == len(section.lines) == 10
