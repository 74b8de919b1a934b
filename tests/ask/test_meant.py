"""What a message means whose words the grammar alone would take for something else: with the model, as people type."""

from __future__ import annotations

import pytest

from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.render.text import answer_text


@pytest.mark.parametrize(
    ("district", "message", "first"),
    [
        ("渝中区", "2023年的基数列一下", "渝中区主要指标9项"),
        ("巴南区", "起点的数给我列一下", "巴南区主要指标10项"),
        ("渝中区", "哪些任务带时间节点", "写明具体日期，渝中区：1项"),
        ("渝中区", "哪条任务牵扯部门最多", "渝中区：单位最多的任务是正文 二（一）2 · 附件 1.1.3，12个单位"),
        ("", "哪个区责任单位多", "巴南区责任单位28个；渝中区责任单位19个"),
        ("", "两个方案都提到的指标", "都有的：责任单位15家，指标3项"),
        ("巴南区", "区中医院这几年的大事", "写到“区中医院”，巴南区：8项"),
        ("巴南区", "这方案谁印的", "巴南区：重庆市巴南区人民政府办公室印发"),
    ],
)  # fmt: skip
def test_the_first_line_says_what_was_asked(with_model: Answerer, district: str, message: str, first: str) -> None:
    """A base year's figures, tasks by their number of units, an institution's list, a fact of the document."""
    answer, _ = with_model.ask(message, ChatState(district=district))
    assert answer.headline == first


def test_a_no_about_a_unit_names_the_unit(with_model: Answerer) -> None:
    """Asked whether an office does something that its plan does not speak of: no, and how many tasks it has."""
    answer, _ = with_model.ask("人社局管不管职称", ChatState(district="巴南区"))
    assert not answer.answered
    assert "人社局" in answer.headline
    assert any("8项" in note for note in answer.notes)


def test_a_piece_of_a_word_is_not_said_to_be_elsewhere(with_model: Answerer) -> None:
    """另一区 prints 名中医工作室; 医工作室 is no word that anybody asked for."""
    answer, _ = with_model.ask("名医工作室目前几个", ChatState(district="巴南区"))
    assert "“医工作室”" not in answer.headline


def test_who_else_leaves_out_who_is_known(with_model: Answerer) -> None:
    """Who asks for others than an office is told the others; where there is none, that."""
    answer, _ = with_model.ask("卫健委之外还有谁要做人才培养", ChatState(district="巴南区"))
    assert "区人力社保局" in answer.headline
    assert "区卫生健康委" not in answer.headline
    alone, _ = with_model.ask("除了卫健委谁还管西医学习中医", ChatState(district="渝中区"))
    assert alone.headline == "找到的条款没有列其他责任单位"


def test_units_of_the_first_line_are_not_said_again(with_model: Answerer) -> None:
    """One clause says it: its units stand in the first line, and not below."""
    answer, _ = with_model.ask("隔离病区怎么建", ChatState(district="巴南区"))
    text = answer_text(answer)
    assert text.count("区疾控局") == 1
