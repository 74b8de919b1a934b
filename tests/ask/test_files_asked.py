"""Asking for an answer as a file: the words for it, and the answer that they belong to."""

from __future__ import annotations

import pytest

from bot.answering.answer import FileFormat
from tests.ask.chatting import Chat, text


@pytest.mark.parametrize(
    ("message", "plain", "kind"),
    [
        ("区教委的任务清单发我", "区教委的任务清单", FileFormat.XLSX),
        ("區教委負責什麼 excel", "区教委负责什么", FileFormat.XLSX),
        ("区卫健委负责什么，导出Word", "区卫健委负责什么", FileFormat.DOCX),
        ("麻烦把渝中区主要指标做成表格发我", "渝中区主要指标", FileFormat.XLSX),
        ("区财政局牵头的任务，发我一份 Excel 表格，谢谢！", "区财政局牵头的任务", FileFormat.XLSX),
        ("把渝中区主要指标导出来", "渝中区主要指标", FileFormat.XLSX),
    ],
)
def test_words_for_a_file_change_nothing_else(chat: Chat, message: str, plain: str, kind: FileFormat) -> None:
    """The answer is that of the question without them, and says which file is wanted."""
    asked, without = chat.fresh(message), chat.fresh(plain)
    assert asked.file is kind
    assert without.file is FileFormat.NONE
    assert text(asked) == text(without)


@pytest.mark.parametrize(
    "message", ["给我一份财政局的责任清单", "任务清单", "数据导出平台怎么建", "表格在哪里", "教委有哪些清单"]
)
def test_words_that_only_look_so_are_no_wish(chat: Chat, message: str) -> None:
    """To see a list is not to be sent it, and a topic may have such words in it."""
    assert chat.fresh(message).file is FileFormat.NONE


@pytest.mark.parametrize("message", ["导出", "任务清单发我", "Excel发我", "发我表格", "把这个导出成电子表格", "下载"])
def test_the_last_answer_is_meant(chat: Chat, message: str) -> None:
    """Alone such words mean the list that was shown, and leave the conversation where it was."""
    chat.ask("渝中区卫健委负责什么")
    second = chat.ask("下一页")
    asked = chat.ask(message)
    assert asked.file is FileFormat.XLSX
    assert (text(asked), asked.page) == (text(second), 2)
    assert chat.ask("下一页").page == 3


def test_of_nothing_there_is_no_file(chat: Chat) -> None:
    """Without a question before, and after a decline, none is promised."""
    fresh = chat.fresh("导出")
    assert (fresh.answered, fresh.file) == (False, FileFormat.NONE)
    assert "没有上一个问题" in fresh.headline
    assert chat.fresh("渝北区教委负责什么 导出").file is FileFormat.NONE
    assert chat.fresh("任务清单发我", "渝中区").file is FileFormat.XLSX
