"""Sends what is due in one channel: claims within its pace, sends, and notes what became of each message.

Runs while this replica holds the channel's lease and connection. Should another still do so, no row is sent by both:
a row belongs to whoever has claimed it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.answering.answer import Answer, Section
from bot.backoff import Backoff
from bot.isolation import isolated, stop_tasks
from bot.messages import say
from bot.notices.gone import end_chat, move_chat
from bot.notices.late import tell_missed
from bot.notices.outbox import Outbox, OutboxMessage, name_of
from bot.notices.sending import (
    ChannelRefusedError,
    GoneError,
    LaterError,
    Messenger,
    MovedError,
    NoticePace,
    SendError,
    UnknownError,
)
from bot.notices.workdays import NEVER, Quiet

AT_ONCE = 16
"""Messages under way at the same time."""
LOOK_EVERY = 1.0
"""Seconds between looks at the outbox while there is nothing to send."""
FIRST_LOOK = 0.1
"""Seconds after which to look again when the pace has just been reached; doubled each time."""
RECOVER_EVERY = 10.0
"""Seconds; more often than any platform that removes doubles forgets one."""
PICTURE_SECONDS = 900.0
"""After which a picture is given up; on the morning of a digest it waits for those before it."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds before an outcome is written again that the database did not take; doubled each time."""

log = structlog.get_logger()


class NoticeDelivery:
    """One channel's deliverer."""

    def __init__(
        self,
        outbox: Outbox,
        messenger: Messenger,
        quiet: Quiet = NEVER,
        look_every: float = LOOK_EVERY,
        recover_every: float = RECOVER_EVERY,
    ) -> None:
        """Send the rows of ``outbox`` through ``messenger``, outside the ``quiet`` hours."""
        self._outbox = outbox
        self._messenger = messenger
        self._quiet = quiet
        self._look_every = look_every
        self._recover_every = recover_every
        # A send that takes longer is given up as unknown.
        self._send_seconds = outbox.lease / 2
        self._tasks: set[asyncio.Task[None]] = set()
        self._pictures: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._refusal: ChannelRefusedError | None = None

    async def run(self) -> None:
        """Deliver until cancelled; call ``drain`` afterwards.

        ChannelRefusedError when the platform takes nothing more; what was being sent then waits in the outbox.
        """
        pace = self._messenger.notice_pace
        clock = asyncio.get_running_loop().time
        recovered = -self._recover_every
        pause = 0.0
        while True:
            if self._refusal is not None:
                raise self._refusal
            begun = 0
            try:
                if clock() - recovered >= self._recover_every:
                    await self.recover()
                    recovered = clock()
                begun = await self._begin(pace)
            except (SQLAlchemyError, OSError) as error:
                log.warning("the outbox can't be read", error=type(error).__name__)
            pause = 0.0 if begun else min(max(pause * 2, FIRST_LOOK), self._look_every)
            await self._rest(pause)

    async def recover(self) -> None:
        """Take back what died, and tell what is too late."""
        name = self._messenger.name
        for key in await self._outbox.recover(name, self._messenger.doubles):
            log.warning("a notice may have been sent, ask with: wence outbox", notice=key)
        async with self._outbox.store.begin() as tx:
            missed = await self._outbox.expire(name, tx)
            await tell_missed(self._outbox, missed, tx)
        for message in missed:
            log.warning("a notice was missed", notice=name_of(message))

    async def step(self, pace: NoticePace) -> int:
        """Send what may go out now, and wait for it; returns how many messages that were."""
        begun = await self._begin(pace)
        if self._tasks:
            await asyncio.wait(self._tasks)
        return begun

    async def _begin(self, pace: NoticePace) -> int:
        """Begin to send as many messages as may go out now and have room beside those under way."""
        if self._refusal is not None:
            return 0
        messages = await self._outbox.claim(self._messenger.name, pace, AT_ONCE - len(self._tasks), self._quiet)
        for message in messages:
            # Not cancelled with the loop: what is under way is waited for by ``drain``.
            task = asyncio.create_task(self._deliver(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(messages)

    async def _rest(self, seconds: float) -> None:
        """Wait so long, or while more than half of what may be under way is."""
        if not seconds:
            while len(self._tasks) > AT_ONCE // 2:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(seconds)

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way; what takes longer is found unknown when its lease has run out."""
        self._stopping = True
        for tasks in (self._tasks, self._pictures):
            _, late = await asyncio.wait(tasks, timeout=seconds) if tasks else (set(), set())
            await stop_tasks(*late)

    async def _deliver(self, message: OutboxMessage) -> None:
        outcome = await self._send(message)
        pauses = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        while True:
            try:
                await self._note(message, outcome)
            except (SQLAlchemyError, OSError) as error:
                log.warning("what became of a notice can't be noted", notice=name_of(message), error=str(error)[:80])
                if self._stopping:
                    return
                await asyncio.sleep(pauses.pause())
            else:
                break
        if isinstance(outcome, str) and message.body.picture:
            # Aside: nobody's words wait for another one's picture.
            task = asyncio.create_task(self._send_picture(message))
            self._pictures.add(task)
            task.add_done_callback(self._pictures.discard)

    async def _send_picture(self, message: OutboxMessage) -> None:
        """Send what only adds to a message that is there: it is neither counted as sent nor tried again."""
        sending = self._messenger.send_picture(message.chat, message.body)
        error = await isolated(asyncio.wait_for(sending, PICTURE_SECONDS))
        if error is not None:
            log.warning("the picture of a notice was not sent", notice=name_of(message), error=type(error).__name__)

    async def _send(self, message: OutboxMessage) -> str | SendError:
        sending = self._messenger.send_notice(message.chat, self._body(message))
        outcome = await isolated(asyncio.wait_for(sending, self._send_seconds))
        if isinstance(outcome, (str, SendError)):
            return outcome
        if isinstance(outcome, TimeoutError):
            return UnknownError(f"no answer within {self._send_seconds:.0f} s")
        log.error("a notice could not be sent", notice=name_of(message), exc_info=outcome)
        return UnknownError(type(outcome).__name__)

    async def _note(self, message: OutboxMessage, outcome: str | SendError) -> None:
        """Write down what became of a message."""
        reason = str(outcome)
        match outcome:
            case str():
                await self._outbox.sent(message, outcome)
                log.info("notice sent", notice=name_of(message), message=outcome)
            case LaterError(seconds=seconds, everywhere=everywhere):
                await self._outbox.later(message, seconds, reason, everywhere=everywhere)
                log.info("notice later", notice=name_of(message), seconds=seconds, reason=reason)
            case ChannelRefusedError():
                self._refusal = outcome
                await self._outbox.later(message, 0.0, reason)
            case UnknownError() if self._messenger.doubles.dropped_in(message.chat):
                await self._outbox.unsure(message, LONGEST_PAUSE, reason)
            case UnknownError():
                await self._outbox.unknown(message, reason)
                log.warning("a notice may have been sent", notice=name_of(message), reason=reason)
            case GoneError():
                await self._outbox.failed(message, reason)
                await end_chat(self._outbox, message.channel, message.chat, reason)
            case MovedError(chat=chat):
                await self._outbox.later(message, 0.0, reason)
                await move_chat(self._outbox, message.channel, message.chat, chat)
            case _:
                await self._outbox.failed(message, reason)
                log.error("notice refused", notice=name_of(message), reason=reason)

    def _body(self, message: OutboxMessage) -> Answer:
        """Return what is sent: marked when it is sent once more, and unlike any other where equal ones are dropped."""
        body = message.body
        if message.again:
            body = replace(body, headline=say("notices.again", headline=body.headline))
        if self._messenger.doubles.dropped_in(message.chat):
            number = f"{message.id}-{message.again}" if message.again else str(message.id)
            line = Section("", (say("notices.number", number=number),), ())
            body = replace(body, sections=(*body.sections, line))
        return body
