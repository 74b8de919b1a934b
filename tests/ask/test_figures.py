"""Figures: targets, where they start from, and two districts side by side."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from tests.ask.chatting import Chat, ids, text


def test_an_indicator_comes_with_its_baseline_first(chat: Chat) -> None:
    """The figure of the table, from what to what, is the first line; then the clauses that pursue it."""
    answer = chat.ask("2027年巴南中医馆目标是多少")
    assert answer.kind is AnswerKind.TARGET
    assert answer.headline == "巴南区 中医馆：2023年 23个 → 2027年 24个（主要指标 5）"
    assert {"巴南 指标5", "巴南 一(一)2"} <= ids(answer)
    assert "1. 巴南 附件 一（一）2" in text(answer)


def test_the_plan_s_own_word_stays(chat: Chat) -> None:
    """力争 is not 建成."""
    assert "力争" in text(chat.ask("渝中区域中药制剂中心目标"))


def test_percentages_of_one_list_go_to_their_own_indicator(chat: Chat) -> None:
    """分别不低于20%、10% belongs to two names, in order."""
    assert "精品中医馆达标率：不低于20%" in text(chat.ask("巴南精品中医馆达标率目标"))
    assert "示范中医馆达标率：不低于10%" in text(chat.ask("巴南示范中医馆达标率目标"))


def test_a_figure_outside_the_table(chat: Chat) -> None:
    """A target that only a clause states is found there, and its place is whole in the text."""
    answer = chat.ask("渝中精品中医馆有几个")
    assert answer.headline.startswith("渝中区 社区卫生服务中心市级精品中医馆：达到5个（到2027年）")
    assert answer.headline.endswith("（正文 二（一）2 · 附件 1.1.4）")


@pytest.mark.parametrize("when", ["2023年底", "2023年末", "2023年初", "23年年底"])
def test_the_end_of_a_year_is_no_topic(chat: Chat, when: str) -> None:
    """底 belongs to the year, and is not looked for in the plans."""
    assert '"topic":"名中医各级"' in chat.ask(f"渝中区{when}名中医各级分别有多少").why[1]


def test_the_state_at_the_end_of_a_year(chat: Chat) -> None:
    """What the plan says of that time is found, not only named as the nearest."""
    answer = chat.ask("渝中区2023年底名中医各级分别有多少")
    assert answer.answered
    assert "市名中医5名" in text(answer)


@pytest.mark.parametrize("message", ["2023年巴南有几个中医馆", "巴南现在有多少中医馆", "巴南已有几个中医馆"])
def test_the_state_at_the_start(chat: Chat, message: str) -> None:
    """Where a plan starts from stands in its table."""
    assert "2023年 23个" in chat.ask(message).headline


def test_a_state_that_contradicts_the_table_is_shown_too(chat: Chat) -> None:
    """The table says 4, the annex's state 5: both stand in the answer with their places."""
    read = text(chat.ask("渝中重庆市名中医现状"))
    assert "重庆市名中医：2023年 4人" in read
    assert "市名中医（现状）：5名（附件 四（一） 2023年情况）" in read


@pytest.mark.parametrize("message", ["两个区名中医目标有什么不同", "巴南和渝中名中医目标差多少", "名中医目标两区对比"])
def test_districts_side_by_side_over_an_indicator(chat: Chat, message: str) -> None:
    """A comparison has the figure of each district in its first line, and a section each."""
    answer = chat.ask(message)
    assert answer.kind is AnswerKind.COMPARE
    assert "巴南区 重庆市名中医：2023年 4名 → 2027年 5名" in answer.headline
    assert "渝中区 重庆市名中医：2023年 4人 → 2027年 5人" in answer.headline
    assert [section.heading for section in answer.sections] == ["巴南区", "渝中区"]


def test_districts_side_by_side_over_a_unit(chat: Chat) -> None:
    """A unit compared is its duties in each district, one beside the other."""
    answer = chat.fresh("教委在两个区有什么不同", "巴南区")
    assert [section.heading[:3] for section in answer.sections] == ["巴南区", "渝中区"]


def test_districts_side_by_side_over_a_topic(chat: Chat) -> None:
    """A topic compared has a section and a clause of each district."""
    answer = chat.fresh("古籍保护两区有什么区别", "渝中区")
    assert {"巴南 三(一)", "渝中 四(一)"} <= ids(answer)
    assert [section.heading for section in answer.sections] == ["巴南区", "渝中区"]
