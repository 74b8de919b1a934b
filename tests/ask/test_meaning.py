"""Questions that share hardly a word with the plan, over the default model."""

from __future__ import annotations

import pytest

from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from tests.ask.chatting import ids


@pytest.mark.parametrize(
    ("message", "district", "clause"),
    [
        ("钱从哪来", "巴南区", "巴南 正文三(二)"),
        ("老医书谁来保护", "巴南区", "巴南 三(一)"),
        ("病历写进电脑", "渝中区", "渝中 八(二)"),
        ("师傅带徒弟", "巴南区", "巴南 四(三)"),
    ],
)
def test_a_paraphrase_finds_its_clause(with_model: Answerer, message: str, district: str, clause: str) -> None:
    """The clause meant is among those cited, and nothing is degraded."""
    answer, _ = with_model.ask(message, ChatState(district=district))
    assert clause in ids(answer)
    assert not any("语义模型不可用" in note for note in answer.notes)


@pytest.mark.parametrize("message", ["怎么考驾照", "航空母舰有几艘", "推荐一部科幻小说"])
def test_what_is_about_something_else_is_declined(with_model: Answerer, message: str) -> None:
    """A question about another world cites nothing."""
    answer, _ = with_model.ask(message)
    assert not answer.answered
    assert not answer.citations


def test_a_channel_knows_beforehand_whether_the_model_is_needed(with_model: Answerer) -> None:
    """Units, figures and declines need none; a paraphrase does."""
    for message in ("区教委负责什么", "2027年中医馆目标是多少", "区中医院院长是谁", "你好", ""):
        assert not with_model.hear(message).needs_model
    assert with_model.hear("病历写进电脑").needs_model
