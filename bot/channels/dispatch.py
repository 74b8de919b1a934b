"""Hands the rows of an inbox to a channel: in order within a conversation, many conversations at once."""

from __future__ import annotations

import asyncio
from collections import deque

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.base import Channel
from bot.store.inbox import Inbox, Row

AT_ONCE = 64
"""Conversations that are answered at the same time."""
HELD = 500
"""Rows held in memory; the rest waits in the database."""
LOOK_EVERY = 1.0
"""Seconds between looks at the inbox when nothing wakes it (rows that another replica accepted)."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before an update is tried again whose platform or database was away; doubled each time."""

log = structlog.get_logger()


class Dispatcher:
    """Answers one inbox; only the holder of the channel's lease runs one."""

    def __init__(self, inbox: Inbox, channel: Channel) -> None:
        """Hand rows of ``inbox`` to ``channel``."""
        self._inbox = inbox
        self._channel = channel
        self._queues: dict[str, deque[Row]] = {}
        self._held: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._more = False
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()

    def wake(self) -> None:
        """Look at the inbox now."""
        self._wake.set()

    async def run(self) -> None:
        """Answer until cancelled; call ``drain`` afterwards."""
        for key in await self._inbox.recover():
            log.warning("answered again after a crash, perhaps twice", update=key)
        while True:
            self._wake.clear()
            try:
                rows = await self._inbox.waiting(HELD)
                self._more = len(rows) == HELD
                for row in rows:
                    self._queue(row)
            except (SQLAlchemyError, OSError) as error:
                log.warning("the inbox can't be read", error=type(error).__name__)
            await wait(self._wake, LOOK_EVERY)

    async def drain(self, seconds: float) -> None:
        """Begin nothing new and finish what is begun; what takes longer stays in the inbox."""
        self._stop.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _queue(self, row: Row) -> None:
        if row.id in self._held or len(self._held) >= HELD:
            return
        self._held.add(row.id)
        queue = self._queues.get(row.conversation)
        if queue is not None:
            queue.append(row)
            return
        self._queues[row.conversation] = deque([row])
        task = asyncio.create_task(self._converse(row.conversation))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _converse(self, conversation: str) -> None:
        queue = self._queues[conversation]
        while queue:
            row = queue[0]
            with structlog.contextvars.bound_contextvars(update=row.key, conversation=conversation):
                await self._answer(row)
            queue.popleft()
            self._held.discard(row.id)
        del self._queues[conversation]
        if self._more:
            self._wake.set()

    async def _answer(self, row: Row) -> None:
        """Try until the row has ended one way or another, or this process stops."""
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            async with self._slots:
                if await self._ended(row):
                    return
            await wait(self._stop, pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _ended(self, row: Row) -> bool:
        try:
            if self._stop.is_set() or not await self._inbox.take(row):
                return True
            # gather, so that whatever a handler raises ends this row alone.
            (outcome,) = await asyncio.gather(self._channel.handle(row), return_exceptions=True)
            if outcome is None:
                return True
            if isinstance(outcome, (SQLAlchemyError, OSError)):
                log.warning("tried again later", error=type(outcome).__name__)
                await self._inbox.give_back(row)
                return False
            log.error("an update could not be answered", exc_info=outcome)
            await self._inbox.failed(row.key)
            await self._channel.apologise(row)
        except (SQLAlchemyError, OSError) as error:
            # Should its state not have been written, the row stays ``working`` and the next start answers it.
            log.warning("an update's state could not be kept", error=type(error).__name__)
        return True


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Wait for ``event``, at most ``seconds``; True when it came."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
