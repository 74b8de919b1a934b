"""The inbox: an update is a row here before the platform is told that it has arrived.

``new`` → ``working`` (being answered) → ``done``. A crash leaves a row ``working``: whether its answer went out
can't be known then, so it is answered again (``recover``), and the log names it. From the second crash on it waits
before it is answered again, longer each time. An answer goes out at most ``MAX_COPIES`` times: the first, and one more
each time that ``sending`` has noted one; a crash before that has sent nothing. A row that was being answered at every
one of ``MAX_ATTEMPTS`` crashes is ``failed``: it is likely what crashes the process. What can't be read, or not be
stored, is ``unreadable``: it is kept for who wants to see why, counted, and never tried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import inbox
from bot.store.text import is_about_the_value
from bot.turns import request_id

MAX_ATTEMPTS = 8
"""Crashes; many of them come before anything was sent."""
MAX_COPIES = 3
"""Of one answer, each but the last ended by a crash."""
FIRST_PAUSE = 2.0
"""Seconds after a crash before a row is answered that was being answered then; doubled with each further crash."""
KEEP_SECONDS = 7 * 86400
"""A done row stays this long, so that an update the platform sends once more is known."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it arrived from a platform."""

    key: str
    """The platform's own id of it: the same update sent twice has the same one."""
    conversation: str
    """Updates of one conversation are answered in their order."""
    payload: str
    unreadable: str = ""
    """Why it can't be read, where that is known already: it is kept, and not answered."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update that is to be answered."""

    id: int
    key: str
    conversation: str
    payload: str
    received_at: float
    """Unix seconds."""
    attempts: int
    """How often answering it was begun before; above 0 it may have been answered already."""
    copies: int = 0
    """How often its answer was sent again after a crash."""


class Inbox:
    """One channel's updates."""

    def __init__(self, store: Store, channel: str) -> None:
        """Look at the rows of ``channel`` alone."""
        self._store = store
        self._channel = channel

    async def accept(self, updates: Iterable[Update]) -> None:
        """Keep updates, committed when this returns; one that is known already is passed over.

        An update that the database does not take is set aside without its words, and costs the others nothing.
        """
        given = list(updates)
        if not given:
            return
        try:
            await self._keep(given)
        except (SQLAlchemyError, UnicodeError) as error:
            if not is_about_the_value(error):
                raise
            if len(given) == 1:
                await self._keep([_without_words(given[0], type(error).__name__)])
                return
            for one in given:
                await self.accept([one])

    async def _keep(self, updates: Iterable[Update]) -> None:
        kept = []
        async with self._store.begin() as tx:
            statement = insert(tx, inbox).values(received_at=epoch(), attempts=0)
            for one in updates:
                row = {"channel": self._channel, "key": one.key, "conversation": one.conversation}
                state = "unreadable" if one.unreadable else "new"
                insertion = statement.values(**row, payload=one.payload, state=state).on_conflict_do_nothing()
                if (await tx.execute(insertion)).rowcount == 1 and one.unreadable:
                    kept.append(one)
        for one in kept:
            self._tell(one.key, one.unreadable)

    def _tell(self, key: str, reason: str) -> None:
        log.warning("an update was set aside", request=request_id(self._channel, key), reason=reason)

    async def waiting(self, limit: int) -> list[InboxRow]:
        """Return up to ``limit`` rows that nobody works on, oldest first."""
        columns = (inbox.c.id, inbox.c.key, inbox.c.conversation, inbox.c.payload, inbox.c.received_at)
        query = (
            select(*columns, inbox.c.attempts, inbox.c.copies)
            .where(inbox.c.channel == self._channel, inbox.c.state == "new", ~self._waits())
            .order_by(inbox.c.id)
            .limit(limit)
        )
        async with self._store.read() as tx:
            return [InboxRow(*row) for row in await tx.execute(query)]

    def _waits(self) -> ColumnElement[bool]:
        """Whether a row, or an earlier one of its conversation, has its pause yet."""
        other = inbox.alias()
        # A longer pause than any that is given was given by a clock that was put back since.
        pausing = other.c.due_at.between(epoch(), epoch() + FIRST_PAUSE * 2**MAX_ATTEMPTS)
        before = (other.c.channel == self._channel, other.c.conversation == inbox.c.conversation)
        return exists().where(*before, other.c.id <= inbox.c.id, other.c.state == "new", pausing)

    async def take(self, row: InboxRow) -> bool:
        """Begin to answer ``row``; False when another replica has begun already."""
        statement = (
            update(inbox)
            .where(inbox.c.id == row.id, inbox.c.state == "new")
            .values(state="working", attempts=inbox.c.attempts + 1)
        )
        async with self._store.begin() as tx:
            return (await tx.execute(statement)).rowcount == 1

    async def sending(self, key: str) -> None:
        """Note that the answer to ``key``, which may have been sent before a crash, is sent now."""
        mine = (inbox.c.channel == self._channel, inbox.c.key == key, inbox.c.state == "working")
        async with self._store.begin() as tx:
            await tx.execute(update(inbox).where(*mine).values(copies=inbox.c.copies + 1))

    async def give_back(self, row: InboxRow) -> None:
        """Leave ``row`` to be answered later: the platform was away, so nothing was sent."""
        statement = update(inbox).where(inbox.c.id == row.id, inbox.c.state == "working")
        async with self._store.begin() as tx:
            await tx.execute(statement.values(state="new", attempts=inbox.c.attempts - 1, copies=row.copies))

    async def done(self, key: str, tx: AsyncConnection) -> None:
        """Mark the update ``key`` as answered, inside the transaction that keeps what the answer changed."""
        await self._end(key, "done", tx)

    async def failed(self, key: str) -> None:
        """Mark the update ``key`` as one that could not be answered."""
        async with self._store.begin() as tx:
            await self._end(key, "failed", tx)

    async def set_aside(self, row: InboxRow, reason: str) -> None:
        """Keep ``row`` as one that can't be read or stored; it is never tried again."""
        mine = (inbox.c.id == row.id, inbox.c.state.in_(("new", "working")))
        async with self._store.begin() as tx:
            await tx.execute(update(inbox).where(*mine).values(state="unreadable"))
        self._tell(row.key, reason)

    async def _end(self, key: str, state: str, tx: AsyncConnection) -> None:
        mine = (inbox.c.channel == self._channel, inbox.c.key == key, inbox.c.state.in_(("new", "working")))
        await tx.execute(update(inbox).where(*mine).values(state=state, payload=""))

    async def recover(self) -> list[str]:
        """Give back what a crashed holder was working on; returns the keys that may be answered twice."""
        return await self._take_back()

    async def take_back(self, row: InboxRow) -> None:
        """Give back ``row``, on which nobody works any more, if it says so; one that was done stays done."""
        await self._take_back(inbox.c.id == row.id)

    async def _take_back(self, *which: ColumnElement[bool]) -> list[str]:
        mine = (inbox.c.channel == self._channel, inbox.c.state == "working", *which)
        async with self._store.begin() as tx:
            worn = or_(inbox.c.attempts >= MAX_ATTEMPTS, inbox.c.copies >= MAX_COPIES - 1)
            given_up = update(inbox).where(*mine, worn).values(state="failed", payload="").returning(inbox.c.key)
            ended = list((await tx.execute(given_up)).scalars())
            begun = list(await tx.execute(select(inbox.c.id, inbox.c.key, inbox.c.attempts).where(*mine)))
            for id_, _, attempts in begun:
                # The first crash may be anybody's; a row that was there at the second may be its cause.
                pause = FIRST_PAUSE * 2 ** (attempts - 2) if attempts > 1 else 0.0
                values = {"state": "new", "due_at": epoch() + pause}
                await tx.execute(update(inbox).where(inbox.c.id == id_).values(**values))
        for key in ended:
            log.error("given up after several crashes, perhaps answered", request=request_id(self._channel, key))
        return [key for _, key, _ in begun]

    async def purge(self) -> None:
        """Forget rows that ended long ago."""
        ended = inbox.c.state.in_(("done", "failed", "unreadable"))
        async with self._store.begin() as tx:
            await tx.execute(
                delete(inbox).where(
                    inbox.c.channel == self._channel, ended, inbox.c.received_at < epoch() - KEEP_SECONDS
                )
            )


async def backlog(store: Store) -> dict[tuple[str, str], int]:
    """Return how many updates of each channel wait (``new``) or are being answered (``working``)."""
    open_ = inbox.c.state.in_(("new", "working"))
    query = select(inbox.c.channel, inbox.c.state, func.count()).where(open_).group_by(inbox.c.channel, inbox.c.state)
    async with store.read() as tx:
        return {(row[0], row[1]): row[2] for row in await tx.execute(query)}


async def set_aside(store: Store) -> dict[str, int]:
    """Return how many updates of each channel were set aside in the last days, as long as they are kept."""
    query = select(inbox.c.channel, func.count()).where(inbox.c.state == "unreadable").group_by(inbox.c.channel)
    async with store.read() as tx:
        return {row[0]: row[1] for row in await tx.execute(query)}


def _without_words(refused: Update, reason: str) -> Update:
    """Return what can be kept of an update in any case: that there was one."""
    digest = hashlib.blake2b(repr(refused.key).encode(), digest_size=16).hexdigest()
    return Update(digest, "unreadable", "", reason)
