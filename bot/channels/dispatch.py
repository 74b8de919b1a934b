"""Hands the rows of an inbox to a channel: in order within a conversation, many conversations at once."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.backoff import Backoff
from bot.channels.base import ChannelRefusedError, Receiver, UnreadableUpdateError
from bot.isolation import isolated, stop_tasks
from bot.store.inbox import Inbox, InboxRow
from bot.store.text import is_about_the_value
from bot.turns import request_id

AT_ONCE = 64
"""Conversations that are answered at the same time."""
HELD = 500
"""Rows held in memory; the rest waits in the database."""
LOOK_EVERY = 1.0
"""Seconds between looks at the inbox when nothing wakes it (rows that another replica accepted)."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before an update is tried again whose platform or database was away; doubled each time."""
Ended = Callable[[str, float, bool], None]
"""Told of each update that has ended: its channel, the seconds since it arrived, whether it was answered."""

log = structlog.get_logger()


def untold(_channel: str, _seconds: float, _answered: bool) -> None:  # noqa: FBT001 - an ``Ended``
    """Tell nobody."""


class Dispatcher:
    """Answers one inbox; only the holder of the channel's lease runs one."""

    def __init__(self, inbox: Inbox, channel: Receiver, ended: Ended = untold) -> None:
        """Hand rows of ``inbox`` to ``channel``, and tell ``ended`` of each that has ended."""
        self._inbox = inbox
        self._tell = ended
        self._channel = channel
        self._queues: dict[str, deque[InboxRow]] = {}
        self._held: set[int] = set()
        self._unkept: set[int] = set()
        """Rows of which the database may say something else than what became of them."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._more = False
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()
        self._refusal: ChannelRefusedError | None = None

    def wake(self) -> None:
        """Look at the inbox now."""
        self._wake.set()

    async def run(self) -> None:
        """Answer until cancelled; call ``drain`` afterwards.

        ChannelRefusedError when the platform takes nothing more; what was being answered then waits in the inbox.
        """
        for key in await self._inbox.recover():
            again = request_id(self._channel.name, key)
            log.warning("answered again after a crash, perhaps twice", request=again)
        while True:
            self._wake.clear()
            if self._refusal is not None:
                raise self._refusal
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
            await stop_tasks(*late)

    def _queue(self, row: InboxRow) -> None:
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
            request = request_id(self._channel.name, row.key)
            with structlog.contextvars.bound_contextvars(request=request, channel=self._channel.name):
                await self._answer(row)
            queue.popleft()
            self._held.discard(row.id)
        del self._queues[conversation]
        if self._more:
            self._wake.set()

    async def _answer(self, row: InboxRow) -> None:
        """Try until the row has ended one way or another, or this process stops."""
        pauses = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        while not self._stop.is_set():
            async with self._slots:
                if await self._ended(row):
                    return
            pause = pauses.pause()
            if row.id in self._unkept:
                # It may have been answered all the same.
                row = replace(row, attempts=row.attempts + 1)
                pause = LOOK_EVERY
            await wait(self._stop, pause)

    async def _ended(self, row: InboxRow) -> bool:
        try:
            return self._stop.is_set() or await self._try(row)
        except (SQLAlchemyError, OSError) as error:
            # Should its state not have been written, the row says ``working`` and nobody works on it.
            self._unkept.add(row.id)
            log.warning("an update's state could not be kept", error=type(error).__name__)
            return False

    async def _try(self, row: InboxRow) -> bool:
        if row.id in self._unkept:
            await self._inbox.take_back(row)
            self._unkept.discard(row.id)
        if not await self._inbox.take(row):
            return True
        outcome = await isolated(self._channel.handle(row))
        if isinstance(outcome, (SQLAlchemyError, OSError)) and not _why_unreadable(outcome):
            log.warning("tried again later", error=type(outcome).__name__)
            await self._inbox.give_back(row)
            return False
        await self._end(row, outcome)
        return True

    async def _end(self, row: InboxRow, outcome: Exception | None) -> None:
        if outcome is None:
            self._note(row, answered=True)
        elif reason := _why_unreadable(outcome):
            await self._inbox.set_aside(row, reason)
            self._note(row, answered=False)
        elif isinstance(outcome, ChannelRefusedError):
            await self._inbox.give_back(row)
            self._refusal = outcome
            self._stop.set()
            self._wake.set()
        else:
            await self._apologise(row, outcome)

    async def _apologise(self, row: InboxRow, error: Exception) -> None:
        log.error("an update could not be answered", exc_info=error)
        await self._inbox.failed(row.key)
        failure = await isolated(self._channel.apologise(row))
        if failure is not None:
            log.warning("not even an apology could be sent", error=type(failure).__name__)
        self._note(row, answered=False)

    def _note(self, row: InboxRow, *, answered: bool) -> None:
        # The row's time is the database's, whose clock may be a little ahead of this one.
        seconds = max(time.time() - row.received_at, 0.0)
        log.info("done", answered=answered, seconds=round(seconds, 3))
        self._tell(self._channel.name, seconds, answered)


def _why_unreadable(error: Exception) -> str:
    """Return why an update is set aside; empty where it is not, since its words or its values are at no fault."""
    if isinstance(error, UnreadableUpdateError):
        return str(error)
    return type(error).__name__ if isinstance(error, SQLAlchemyError) and is_about_the_value(error) else ""


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Wait for ``event``, at most ``seconds``; True when it came."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
