"""Messages that are no question at all."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from tests.ask.chatting import Chat, ids, text

NOTHING = [
    "",
    " ",
    "\n\t　",
    "😀😀😀",
    "？？？",
    "……",
    "\x00\x01\x1b",
    "\u200b\ufeff",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
]


@pytest.mark.parametrize("message", NOTHING)
def test_nothing_to_read_gets_the_help_line(chat: Chat, message: str) -> None:
    """Empty messages, emoji, signs and control characters get one line and three questions to tap."""
    answer = chat.ask(message)
    assert answer.headline.startswith("请输入文字问题")
    assert not answer.answered
    assert len(answer.choices) == 3
    assert all(chat.fresh(choice.say).answered for choice in answer.choices)


@pytest.mark.parametrize("message", NOTHING)
def test_nothing_to_read_loses_nothing(chat: Chat, message: str) -> None:
    """The conversation goes on behind it."""
    chat.ask("巴南区教委有哪些任务")
    chat.ask(message)
    assert ids(chat.ask("那渝中呢")) == ids(chat.fresh("渝中区教委有哪些任务"))


@pytest.mark.parametrize("message", ["你好", "您好！", "help", "/help", "谢谢", "怎么用", "HELLO"])
def test_a_greeting_gets_help(chat: Chat, message: str) -> None:
    """What it is for, how to go on, three questions."""
    answer = chat.ask(message)
    assert answer.kind is AnswerKind.HELP
    assert len(answer.choices) == 3
    assert "巴南区、渝中区" in answer.headline


@pytest.mark.parametrize(
    "message",
    ["区教委负责什么" + "啊" * 10_000, "区教委负责什么" + " " * 10_000, "区教委负责什么\n" + "中医药" * 3_000],
)
def test_ten_thousand_characters(chat: Chat, message: str) -> None:
    """A message far too long is answered or declined by its beginning, in a text of ordinary length."""
    answer = chat.ask(message)
    assert len(answer.headline) < 1_000
    assert len(chat.state.to_json()) < 10_000


@pytest.mark.parametrize(
    "message",
    [
        "区\x00教\x07委负责什么",
        "区教委\U0001f600负责什么\U0001f600",
        "ＱＵ区教委ＡＢＣ負責什么",
        "\u202e区教委负责什么\u202c",
        "区教委负责什么\ud800",
        "ประเทศ区教委Привет负责什么مرحبا",
        "區教委负责什麼",
    ],
)
def test_mixed_and_broken_characters(chat: Chat, message: str) -> None:
    """Control characters, half a surrogate pair, scripts and widths side by side: an answer, never an error."""
    answer = chat.ask(message)
    assert answer.headline
    text(answer).encode()


@pytest.mark.parametrize(
    "message", ["区教委\U0001f600负责什么", "区\x00教\x07委负责什么", "\u202e区教委负责什么\u202c"]
)
def test_what_is_no_text_is_read_over(chat: Chat, message: str) -> None:
    """Emoji and control characters inside a question do not change it."""
    assert ids(chat.ask(message)) == ids(chat.fresh("区教委负责什么"))
