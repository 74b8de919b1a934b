"""Keeps one channel alive: its lease, its connection, its dispatcher.

Only the replica that holds the channel's lease receives and answers; the others stand by and take over when the
lease is given back or runs out. A platform that is away is tried again with growing pauses; one that refuses the
settings ends this channel and no other; one that took them before is tried again, with longer pauses.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import BaseRoute

from bot.backoff import Backoff
from bot.channels.base import Channel, ChannelRefusedError, NoticeSender, Receiver
from bot.channels.dispatch import FIRST_PAUSE, LONGEST_PAUSE, Dispatcher, Ended, untold, wait
from bot.isolation import isolated, stop_tasks
from bot.messages import say
from bot.notices.delivery import NoticeDelivery
from bot.notices.outbox import Outbox
from bot.notices.workdays import NEVER, Quiet
from bot.store.database import Store
from bot.store.inbox import Inbox, Update
from bot.store.leases import EVERY, SECONDS, Leases
from bot.turns import request_id

DRAIN_SECONDS = 20.0
REFUSED_PAUSE, LONGEST_REFUSED_PAUSE = 30.0, 600.0
"""Seconds before a platform is tried again that has refused what it took before; longer each time."""
TIDY_SECONDS = 6 * 3600.0

log = structlog.get_logger()


class Condition(StrEnum):
    """What a channel is doing; shown by ``/healthz``."""

    STANDBY = "standby"
    CONNECTING = "connecting"
    RUNNING = "running"
    REFUSED = "refused"
    STOPPED = "stopped"


class Supervisor:
    """Runs one channel until told to stop."""

    def __init__(
        self, channel: Channel, store: Store, leases: Leases, quiet: Quiet = NEVER, ended: Ended = untold
    ) -> None:
        """Watch over ``channel``, its updates kept in ``store``; no notice goes out in the ``quiet`` hours.

        ``ended`` is told of each update that is through.
        """
        self.channel = channel
        self.condition = Condition.CONNECTING
        self._ended = ended
        self._inbox = Inbox(store, channel.name)
        self._leases = leases
        self._dispatcher: Dispatcher | None = None
        self._outbox = Outbox(store, leases.holder)
        self._quiet = quiet

    async def accept(self, updates: Sequence[Update]) -> None:
        """Keep updates in the inbox, then have them answered."""
        await self._inbox.accept(updates)
        for update in updates:
            log.info("received", request=request_id(self.channel.name, update.key), channel=self.channel.name)
        if self._dispatcher is not None:
            self._dispatcher.wake()

    def routes(self) -> Sequence[BaseRoute]:
        """Return the channel's addresses in the shared web app: its pages, and those that its platform calls."""
        called = self.channel.callbacks(self.accept) if isinstance(self.channel, Receiver) else ()
        return (*self.channel.routes(), *called)

    @property
    def is_connected(self) -> bool:
        """Whether this process serves the channel, and its platform is in reach."""
        return self.condition is Condition.RUNNING and self.channel.is_connected

    async def run(self, stop: asyncio.Event) -> None:
        """Serve the channel until ``stop``, or until the platform refuses settings that it has never taken."""
        told, refused = False, 0
        pauses = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        while not stop.is_set():
            if not await self._leases.acquire(self.channel.name):
                self.condition = Condition.STANDBY
                if not told:
                    log.info(say("run.waiting", channel=self.channel.name))
                told = True
                await wait(stop, EVERY)
                continue
            outcome = await isolated(self._hold(stop))
            if isinstance(outcome, ChannelRefusedError):
                served, self.condition = self.condition is Condition.RUNNING, Condition.REFUSED
                log.error(say("run.refused", channel=self.channel.name, reason=str(outcome)))
                if not (served or refused):
                    return
                # It was taken before: what waits is kept, and answered once it is taken again.
                refused = 1 if served else refused + 1
                await wait(stop, min(REFUSED_PAUSE * refused, LONGEST_REFUSED_PAUSE))
            elif outcome is None:
                pauses.reset()
                refused = 0
            else:
                self.condition = Condition.CONNECTING
                pause = pauses.pause()
                log.warning("connecting again", channel=self.channel.name, seconds=round(pause, 1), exc_info=outcome)
                await wait(stop, pause)
        self.condition = Condition.STOPPED

    async def _hold(self, stop: asyncio.Event) -> None:
        async with self._holding(stop) as over:
            await self._serve(over)

    @asynccontextmanager
    async def _holding(self, stop: asyncio.Event) -> AsyncIterator[asyncio.Event]:
        """Renew the lease meanwhile; yields an event that is set when ``stop`` is or the lease is lost."""
        over = asyncio.Event()
        renewing = asyncio.create_task(self._renew(stop, over))
        try:
            yield over
        finally:
            await stop_tasks(renewing)
            try:
                await self._leases.release(self.channel.name)
            except (SQLAlchemyError, OSError) as error:
                log.warning("the lease runs out by itself", error=type(error).__name__)

    async def _renew(self, stop: asyncio.Event, over: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()

        def lose() -> None:
            log.warning("lease lost", channel=self.channel.name)
            over.set()

        # A timer, which ends this in time even while the database does not answer at all.
        end = loop.call_later(SECONDS - EVERY, lose)
        try:
            while not await wait(stop, EVERY):
                before = loop.time()
                if await self._leases.acquire(self.channel.name):
                    end.cancel()
                    end = loop.call_at(before + SECONDS - EVERY, lose)
        finally:
            end.cancel()
        over.set()

    async def _tidy(self) -> None:
        while True:
            await self._inbox.purge()
            await self.channel.tidy()
            await asyncio.sleep(TIDY_SECONDS)

    async def _serve(self, over: asyncio.Event) -> None:
        """Connect, then receive and answer until ``over``; what is begun is finished before this returns."""
        self.condition = Condition.CONNECTING
        channel = self.channel
        self._dispatcher = Dispatcher(self._inbox, channel, self._ended) if isinstance(channel, Receiver) else None
        delivery = NoticeDelivery(self._outbox, channel, self._quiet) if isinstance(channel, NoticeSender) else None
        ending = asyncio.create_task(over.wait())
        work: set[asyncio.Task[object]] = {ending}
        try:
            opening = asyncio.create_task(self.channel.open())
            work.add(opening)
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            if not opening.done():
                return
            work.discard(opening)
            opening.result()
            self.condition = Condition.RUNNING
            log.info(say("run.starting", channel=self.channel.name))
            work.add(asyncio.create_task(self._tidy()))
            if isinstance(channel, Receiver) and self._dispatcher is not None:
                work.add(asyncio.create_task(channel.receive(self.accept)))
                work.add(asyncio.create_task(self._dispatcher.run()))
            if delivery is not None:
                work.add(asyncio.create_task(delivery.run()))
            done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await stop_tasks(*work)
            await asyncio.gather(*(part.drain(DRAIN_SECONDS) for part in (self._dispatcher, delivery) if part))
            await self.channel.close()
