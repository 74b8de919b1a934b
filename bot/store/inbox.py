"""The inbox: an update is a row here before the platform is told that it has arrived.

``new`` → ``working`` (being answered) → ``done``. A crash leaves a row ``working``: whether its answer went out
can't be known then, so it is answered again (``recover``), and the log names it. A row that was being answered at
every one of ``MAX_ATTEMPTS`` crashes is ``failed``: it is likely what crashes the process. From the second crash on
it waits before it is answered again, longer each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import inbox

MAX_ATTEMPTS = 8
FIRST_PAUSE = 2.0
"""Seconds after a crash before a row is answered that was being answered then; doubled with each further crash."""
KEEP_SECONDS = 7 * 86400
"""A done row stays this long, so that an update the platform sends once more is known."""


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it arrived from a platform."""

    key: str
    """The platform's own id of it: the same update sent twice has the same one."""
    conversation: str
    """Updates of one conversation are answered in their order."""
    payload: str


@dataclass(frozen=True, slots=True)
class Row:
    """An update that is to be answered."""

    id: int
    key: str
    conversation: str
    payload: str
    received_at: float
    """Unix seconds."""
    attempts: int
    """How often answering it was begun before; above 0 it may have been answered already."""


class Inbox:
    """One channel's updates."""

    def __init__(self, store: Store, channel: str) -> None:
        """Look at the rows of ``channel`` alone."""
        self._store = store
        self._channel = channel

    async def accept(self, updates: Iterable[Update]) -> None:
        """Keep updates, committed when this returns; one that is known already is passed over."""
        rows = [
            {"channel": self._channel, "key": u.key, "conversation": u.conversation, "payload": u.payload}
            for u in updates
        ]
        if not rows:
            return
        async with self._store.begin() as tx:
            statement = insert(tx, inbox).values(received_at=epoch(), state="new", attempts=0)
            for row in rows:
                await tx.execute(statement.values(**row).on_conflict_do_nothing())

    async def waiting(self, limit: int) -> list[Row]:
        """Return up to ``limit`` rows that nobody works on, oldest first."""
        columns = (inbox.c.id, inbox.c.key, inbox.c.conversation, inbox.c.payload, inbox.c.received_at)
        query = (
            select(*columns, inbox.c.attempts)
            .where(inbox.c.channel == self._channel, inbox.c.state == "new", ~self._waits())
            .order_by(inbox.c.id)
            .limit(limit)
        )
        async with self._store.read() as tx:
            return [Row(*row) for row in await tx.execute(query)]

    def _waits(self) -> ColumnElement[bool]:
        """Whether a row, or an earlier one of its conversation, has its pause yet."""
        other = inbox.alias()
        # A longer pause than any that is given was given by a clock that was put back since.
        pausing = other.c.due_at.between(epoch(), epoch() + FIRST_PAUSE * 2**MAX_ATTEMPTS)
        before = (other.c.channel == self._channel, other.c.conversation == inbox.c.conversation)
        return exists().where(*before, other.c.id <= inbox.c.id, other.c.state == "new", pausing)

    async def take(self, row: Row) -> bool:
        """Begin to answer ``row``; False when another replica has begun already."""
        statement = (
            update(inbox)
            .where(inbox.c.id == row.id, inbox.c.state == "new")
            .values(state="working", attempts=inbox.c.attempts + 1)
        )
        async with self._store.begin() as tx:
            return (await tx.execute(statement)).rowcount == 1

    async def give_back(self, row: Row) -> None:
        """Leave ``row`` to be answered later: the platform was away, so nothing was sent."""
        statement = update(inbox).where(inbox.c.id == row.id, inbox.c.state == "working")
        async with self._store.begin() as tx:
            await tx.execute(statement.values(state="new", attempts=inbox.c.attempts - 1))

    async def done(self, key: str, tx: AsyncConnection) -> None:
        """Mark the update ``key`` as answered, inside the transaction that keeps what the answer changed."""
        await self._end(key, "done", tx)

    async def failed(self, key: str) -> None:
        """Mark the update ``key`` as one that could not be answered."""
        async with self._store.begin() as tx:
            await self._end(key, "failed", tx)

    async def _end(self, key: str, state: str, tx: AsyncConnection) -> None:
        mine = (inbox.c.channel == self._channel, inbox.c.key == key, inbox.c.state.in_(("new", "working")))
        await tx.execute(update(inbox).where(*mine).values(state=state, payload=""))

    async def recover(self) -> list[str]:
        """Give back what a crashed holder was working on; returns the keys that may be answered twice."""
        mine = (inbox.c.channel == self._channel, inbox.c.state == "working")
        async with self._store.begin() as tx:
            worn = (*mine, inbox.c.attempts >= MAX_ATTEMPTS)
            await tx.execute(update(inbox).where(*worn).values(state="failed", payload=""))
            begun = list(await tx.execute(select(inbox.c.id, inbox.c.key, inbox.c.attempts).where(*mine)))
            for id_, _, attempts in begun:
                # The first crash may be anybody's; a row that was there at the second may be its cause.
                pause = FIRST_PAUSE * 2 ** (attempts - 2) if attempts > 1 else 0.0
                values = {"state": "new", "due_at": epoch() + pause}
                await tx.execute(update(inbox).where(inbox.c.id == id_).values(**values))
            return [key for _, key, _ in begun]

    async def purge(self) -> None:
        """Forget rows that ended long ago."""
        ended = inbox.c.state.in_(("done", "failed"))
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
