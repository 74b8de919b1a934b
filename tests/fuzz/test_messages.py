"""Any message, in any conversation, ends in an answer that every platform takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Answer
from bot.channels.telegram import limits
from bot.channels.wecom.layout import lay_out
from bot.channels.wecom.limits import APP_TEXT_BYTES
from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.render.html import TelegramHtml
from bot.render.json import answer_object, encode
from bot.render.pages import cut
from bot.render.wecom import WeComMarkdown
from bot.store.text import clean
from tests.fuzz.making import messages

HTML, MARKDOWN = TelegramHtml(), WeComMarkdown()


def check(answer: Answer, state: ChatState) -> None:
    """Fail where a platform would."""
    assert answer.headline.strip()
    for page in cut(answer, HTML, limits.PRIVATE):
        assert 0 < HTML.measure(page.text) <= limits.MESSAGE_UNITS
    for group in (False, True):
        for text in lay_out(answer, state, MARKDOWN, APP_TEXT_BYTES, group=group).with_hint:
            assert 0 < len(text.encode()) <= APP_TEXT_BYTES
    assert encode(answer_object(answer))


@given(st.lists(messages, min_size=1, max_size=3))
def test_a_conversation(answerer: Answerer, said: list[str]) -> None:
    """Each message is answered with words, within every platform's limits, and its state can be kept."""
    state = ChatState()
    for text in said:
        answer, state = answerer.ask(clean(text), state)
        check(answer, state)
        assert ChatState.from_json(state.to_json()) == state


@given(messages, st.integers(0, 10**6))
def test_what_is_suggested_while_somebody_types(answerer: Answerer, typed: str, offset: int) -> None:
    """An inline query gets no more suggestions than Telegram takes."""
    assert len(answerer.suggest(clean(typed), limits.INLINE_RESULTS, offset)) <= limits.INLINE_RESULTS
