"""Announcements that are read: counted once a person, and told to the operator chat by chat."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.cli.notices import show_receipts
from bot.notices.announcements import Announcements
from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.ledger import Ledger
from bot.notices.receipts import NoticeReader, Receipts, read_receipt
from bot.query.chat_state import ChatState
from bot.store.conversations import Conversation, Conversations
from bot.store.database import Store
from tests.notices.fakes import Clock, Post

SCHOOLS = Subject(SubjectKind.UNIT, "区教委", "", "区教委")


@pytest.fixture
async def sent(store: Store, post: Post) -> int:
    """An announcement that two chats have got; its number."""
    for chat in ("-100/7", "42"):
        async with store.begin() as tx:
            await Followings(store).follow("fake", chat, SCHOOLS, tx)
    announcements = Announcements(post.outbox)
    preview = await announcements.prepare(SCHOOLS, "明天开会。", "cli")
    assert await announcements.send(preview.id) == 2
    await post.send()
    assert len(post.platform.log) == 2
    return preview.id


async def test_a_person_counts_once(store: Store, sent: int) -> None:
    """However often and in however many chats somebody presses; in another channel the same id is another person."""
    receipts = Receipts(store)
    assert await receipts.confirm(sent, NoticeReader("fake", "-100/7", "1", "王一")) == 1
    assert await receipts.confirm(sent, NoticeReader("fake", "-100/7", "1", "王一")) == 1
    assert await receipts.confirm(sent, NoticeReader("fake", "42", "1")) == 1
    assert await receipts.confirm(sent, NoticeReader("other", "42", "1")) == 2
    assert await Receipts(store).confirm(sent, NoticeReader("fake", "42", "2")) == 3


async def test_what_was_never_sent_has_no_readers(store: Store, post: Post, sent: int) -> None:
    """A preview, and a number that nobody has given."""
    preview = await Announcements(post.outbox).prepare(SCHOOLS, "再说。", "cli")
    assert await Receipts(store).confirm(preview.id, NoticeReader("fake", "42", "1")) is None
    assert await Receipts(store).confirm(sent + 99, NoticeReader("fake", "42", "1")) is None


async def test_received_means_the_last_announcement_of_the_chat(store: Store, sent: int) -> None:
    """收到 is about what this chat has got; where it has got none it means nothing."""
    receipts = Receipts(store)
    assert await receipts.confirm_last(NoticeReader("fake", "42", "1")) == 1
    assert await receipts.confirm_last(NoticeReader("fake", "99", "1")) is None
    assert await receipts.confirm_last(NoticeReader("other", "42", "1")) is None


async def test_who_has_not_is_told_by_chat(store: Store, sent: int) -> None:
    """Of a group those who have spoken there and not confirmed; of a private chat, that nobody has."""
    async with store.begin() as tx:
        for person in ("1", "2"):
            await Conversations(store).save(Conversation("fake", "-100", person), ChatState(), tx)
    await Receipts(store).confirm(sent, NoticeReader("fake", "-100/7", "1", "王一"))
    group, private = await Receipts(store).of(sent)
    assert (group.chat, group.readers, group.missing) == ("-100/7", ("王一",), ("2",))
    assert (private.chat, private.readers, private.missing) == ("42", (), ())
    (one,) = await Receipts(store).recent(10)
    assert (one.id, one.chats, one.readers, one.words) == (sent, 2, 1, "明天开会。")


async def test_the_message_carries_the_button(post: Post, store: Store) -> None:
    """What the last message of an announcement offers confirms that announcement."""
    preview = await Announcements(post.outbox).prepare(SCHOOLS, "一" * 900, "cli")
    assert [len(part.choices) for part in preview.parts] == [0] * (len(preview.parts) - 1) + [1]
    (choice,) = preview.parts[-1].choices
    assert (choice.label, read_receipt(choice.say)) == ("收到", preview.id)
    assert read_receipt("收到") is None


def test_on_the_command_line(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without announcements it says so; a number that there is not is refused."""
    monkeypatch.setenv("WENCE_DATA_DIR", str(tmp_path_factory.mktemp("var")))
    assert show_receipts(None) == 0
    assert show_receipts(7) == 1
    told = capsys.readouterr()
    assert "还没有发送过" in told.out
    assert "没有这条通知" in told.err


async def test_old_confirmations_are_forgotten(store: Store, sent: int, clock: Clock) -> None:
    """With the notices themselves: after 400 days nobody needs to know who read them."""
    await Receipts(store).confirm(sent, NoticeReader("fake", "42", "1"))
    clock.at = datetime.now(UTC)
    await Ledger(store, clock).forget()
    assert await Receipts(store).confirm(sent, NoticeReader("fake", "42", "2")) == 2
    clock.pass_(days=401)
    await Ledger(store, clock).forget()
    assert await Receipts(store).confirm(sent, NoticeReader("fake", "42", "3")) == 1
