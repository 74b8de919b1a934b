"""What a chat remembers: for half an hour, for itself alone, and as a value that can be stored."""

from __future__ import annotations

from bot.query.chat_state import ChatState
from tests.ask.chatting import Chat, ids


def test_a_question_is_remembered_for_half_an_hour(chat: Chat) -> None:
    """After 29 minutes a follow-up goes on with it."""
    chat.ask("巴南区教委有哪些任务")
    chat.clock.wait(29)
    assert chat.ask("那渝中呢").answered


def test_after_half_an_hour_it_is_forgotten(chat: Chat) -> None:
    """After 31 minutes there is nothing to go on with."""
    chat.ask("巴南区教委有哪些任务")
    chat.clock.wait(31)
    assert "没有上一个问题" in chat.ask("那渝中呢").headline


def test_a_question_from_a_clock_that_was_put_back_is_forgotten(chat: Chat) -> None:
    """One that was asked tomorrow is no last question, today or tomorrow."""
    chat.ask("巴南区教委有哪些任务")
    chat.clock.wait(-24 * 60)
    assert "没有上一个问题" in chat.ask("那渝中呢").headline


def test_each_message_begins_the_half_hour_anew(chat: Chat) -> None:
    """A conversation that goes on is not cut off."""
    chat.ask("巴南区教委有哪些任务")
    for message in ("那渝中呢", "只看巴南", "那渝中呢"):
        chat.clock.wait(20)
        assert chat.ask(message).answered


def test_nothing_leaks_from_one_chat_to_another(chat: Chat) -> None:
    """Two conversations in turn each go on with their own question."""
    other = chat.other()
    chat.ask("巴南区教委有哪些任务")
    other.ask("巴南区财政局有哪些任务")
    mine, theirs = chat.ask("那渝中呢"), other.ask("那渝中呢")
    assert ids(mine) == ids(chat.fresh("渝中区教委有哪些任务"))
    assert ids(theirs) == ids(chat.fresh("渝中区财政局有哪些任务"))
    assert not chat.other().ask("那渝中呢").answered


def test_an_old_state_answers_as_it_did(chat: Chat) -> None:
    """A button under an old message works with the state of that message, whatever was asked since."""
    chat.ask("巴南区教委有哪些任务")
    old = chat.state
    chat.ask("渝中区财政局有哪些任务")
    answer, _ = chat.answerer.ask("展开3", old)
    assert "巴南 三(二)" in {q.clause_id for s in answer.sections for e in s.entries if e.expanded for q in e.quotes}


def test_a_state_survives_storage(chat: Chat) -> None:
    """Written out and read back it is the same value."""
    chat.ask("巴南区教委在古籍方面的任务")
    assert ChatState.from_json(chat.state.to_json()) == chat.state


def test_an_unreadable_state_is_an_empty_one(chat: Chat) -> None:
    """A chat goes on after an upgrade that reads states differently."""
    for stored in ("", "{", "[]", '{"district": 3}'):
        assert ChatState.from_json(stored) == ChatState()
    answer, _ = chat.answerer.ask("区教委负责什么", ChatState(query='{"kind": "gone"}', asked_at=chat.clock.now))
    assert answer.answered


def test_the_default_district_stays(chat: Chat) -> None:
    """Asking about another district once does not change the chat's own."""
    mine = chat.other("巴南区")
    mine.ask("渝中区教委负责什么")
    assert {one.district for one in mine.ask("区财政局负责什么").citations} == {"巴南区"}


def test_a_long_chat_carries_no_more_than_a_short_one(chat: Chat) -> None:
    """What is stored of a chat does not grow with every follow-up."""
    chat.ask("古籍保护谁负责")
    sizes = []
    for _ in range(40):
        chat.ask("那人才呢")
        sizes.append(len(chat.state.to_json()))
    assert sizes[-1] == sizes[19]


def test_replayed_messages_lead_to_the_same_state(chat: Chat) -> None:
    """Remembering a message without answering it leaves the conversation where answering would have."""
    state = ChatState()
    for message in ("巴南区教委有哪些任务", "那渝中呢", "下一页"):
        chat.ask(message)
        state = chat.answerer.remember(message, state)
    assert state == chat.state
