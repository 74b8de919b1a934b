"""Who has said that an announcement was read: by its button, or with 收到 in a chat that got it.

Nobody tells a bot who is in a group. So of a group it is known who has confirmed, and which of those who have ever
spoken to the bot there have not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import say, table
from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import announcements, confirmations, conversations, outbox

DAYS = 7.0
"""After which 收到 is about something else than an announcement."""
_NAME = re.compile(r"announcement:([0-9]+)")
_LIKE = "announcement:%"


@dataclass(frozen=True, slots=True)
class NoticeReader:
    """Somebody, and where: as the channel names both."""

    channel: str
    chat: str
    """As the channel's ``send_notice`` takes it."""
    person: str
    name: str = ""
    """As the platform shows it; empty where it does not say."""


@dataclass(frozen=True, slots=True)
class Summary:
    """An announcement that was sent, and what became of it."""

    id: int
    name: str
    """Of what its followers follow."""
    words: str
    sent_at: float
    chats: int
    """That it has reached."""
    readers: int


@dataclass(frozen=True, slots=True)
class ChatReceipts:
    """Who has confirmed in one chat, and who has not."""

    channel: str
    chat: str
    readers: tuple[str, ...]
    """Names, or ids where the platform gives no names."""
    missing: tuple[str, ...]
    """Ids of people who have spoken there and not confirmed; empty for a private chat."""


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(table("receipts")["pattern"])


def read_receipt(words: str) -> int | None:
    """Return the number of the announcement that a button's words confirm; None for other words."""
    found = _pattern().fullmatch(words.strip())
    return int(found[1]) if found else None


class Receipts:
    """The confirmations of every announcement."""

    def __init__(self, store: Store) -> None:
        """Keep them in ``store``."""
        self._store = store

    async def confirm(self, number: int, reader: NoticeReader) -> int | None:
        """Note that somebody has read an announcement; returns how many have, None for one that was never sent."""
        async with self._store.begin() as tx:
            sent = select(announcements.c.id).where(announcements.c.id == number, announcements.c.sent_at.is_not(None))
            if (await tx.execute(sent)).first() is None:
                return None
            values = {"channel": reader.channel, "chat": reader.chat, "person": reader.person}
            statement = insert(tx, confirmations).values(announcement=number, name=reader.name, at=epoch(), **values)
            await tx.execute(statement.on_conflict_do_nothing())
            return await _count(number, tx)

    async def confirm_last(self, reader: NoticeReader) -> int | None:
        """Note the same of the announcement that a chat got last; None where that is none, or long ago."""
        got = (outbox.c.channel == reader.channel, outbox.c.chat == reader.chat, outbox.c.state == "sent")
        recent = outbox.c.begun_at > epoch() - DAYS * 86400.0
        query = select(outbox.c.notice).where(*got, recent, outbox.c.notice.like(_LIKE))
        async with self._store.read() as tx:
            last = (await tx.execute(query.order_by(outbox.c.begun_at.desc(), outbox.c.id.desc()).limit(1))).scalar()
        number = _NAME.fullmatch(last or "")
        return await self.confirm(int(number[1]), reader) if number else None

    async def recent(self, most: int) -> list[Summary]:
        """Return the announcements sent last, the newest first."""
        reached = select(func.count(func.distinct(outbox.c.channel + ":" + outbox.c.chat))).where(
            outbox.c.notice == literal("announcement:") + cast(announcements.c.id, String), outbox.c.state == "sent"
        )
        read = select(func.count(func.distinct(confirmations.c.channel + ":" + confirmations.c.person))).where(
            confirmations.c.announcement == announcements.c.id
        )
        query = select(announcements, reached.scalar_subquery().label("chats"), read.scalar_subquery().label("readers"))
        query = query.where(announcements.c.sent_at.is_not(None)).order_by(announcements.c.id.desc()).limit(most)
        async with self._store.read() as tx:
            rows = (await tx.execute(query)).all()
        return [Summary(row.id, row.name, row.words, row.sent_at, row.chats, row.readers) for row in rows]

    async def of(self, number: int) -> list[ChatReceipts]:
        """Return the chats that an announcement has reached, each with who has confirmed it and who has not."""
        reached = select(outbox.c.channel, outbox.c.chat).where(
            outbox.c.notice == f"announcement:{number}", outbox.c.state == "sent"
        )
        async with self._store.read() as tx:
            chats = (await tx.execute(reached.distinct().order_by(outbox.c.channel, outbox.c.chat))).all()
            return [await _of_chat(number, row.channel, row.chat, tx) for row in chats]


def confirmed(count: int) -> str:
    """Return the line that tells how many have confirmed; also the words on the button from then on."""
    return say("announcements.received", count=count)


async def _count(number: int, tx: AsyncConnection) -> int:
    """Count people; whoever has confirmed in two chats is one."""
    people = select(confirmations.c.channel, confirmations.c.person).where(confirmations.c.announcement == number)
    return int((await tx.execute(select(func.count()).select_from(people.distinct().subquery()))).scalar_one())


async def _of_chat(number: int, channel: str, chat: str, tx: AsyncConnection) -> ChatReceipts:
    mine = (confirmations.c.announcement == number, confirmations.c.channel == channel, confirmations.c.chat == chat)
    query = select(confirmations.c.person, confirmations.c.name).where(*mine).order_by(confirmations.c.at)
    rows = (await tx.execute(query)).all()
    # An address has its kind before the chat's own id, and a topic behind it.
    plain = chat.rpartition(":")[2].partition("/")[0]
    spoke = select(conversations.c.person).where(conversations.c.channel == channel, conversations.c.chat == plain)
    people = {row.person for row in await tx.execute(spoke) if row.person}
    missing = sorted(people - {row.person for row in rows})
    return ChatReceipts(channel, chat, tuple(row.name or row.person for row in rows), tuple(missing))
