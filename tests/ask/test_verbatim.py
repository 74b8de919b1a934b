"""The plan's own words, in whatever words they are asked for."""

from __future__ import annotations

import pytest

from tests.ask.chatting import Chat


def shown_in_full(chat: Chat, message: str) -> dict[int, str]:
    """Return the text of each entry that a message brings in full."""
    entries = (entry for section in chat.ask(message).sections for entry in section.entries)
    return {entry.number: "\n".join(quote.text for quote in entry.quotes) for entry in entries if entry.expanded}


@pytest.mark.parametrize(
    "message",
    [
        "第二条原文",
        "把第2条的原文完整发给我",
        "第二条整条发我",
        "第2项原话是怎么写的",
        "麻烦把第二条一字不落发我",
        "第二个全文",
    ],
)
def test_one_entry_of_the_last_answer(chat: Chat, message: str) -> None:
    """The entry that is meant, whole."""
    here = chat.other("巴南区")
    second = [entry for section in here.ask("区教委负责什么").sections for entry in section.entries][1]
    assert shown_in_full(here, message) == {2: second.quotes[0].text}


@pytest.mark.parametrize("message", ["原文", "全文发我", "把这条完整发我", "这条原文怎么写的", "把原话贴出来"])
def test_all_that_was_shown(chat: Chat, message: str) -> None:
    """Without a number the entries of the last answer."""
    here = chat.other("巴南区")
    here.ask("古籍保护谁负责")
    assert list(shown_in_full(here, message)) == [1]


@pytest.mark.parametrize("message", ["古籍保护的原文", "古籍保护那条全文发我", "古籍保护原话怎么说的"])
def test_of_a_topic_at_once(chat: Chat, message: str) -> None:
    """The same without a question before it."""
    full = shown_in_full(chat.other("巴南区"), message)
    assert full[1].startswith("(一)促进中医药古籍文献保护与利用。")


def test_words_around_it_that_say_more_are_a_question(chat: Chat) -> None:
    """A topic beside the words is looked for; it is no entry of the last answer."""
    here = chat.other("巴南区")
    here.ask("区教委负责什么")
    assert "隔离病区" in shown_in_full(here, "隔离病区那条原文")[1]
