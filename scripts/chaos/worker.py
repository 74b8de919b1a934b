"""A worker of the chaos run: delivers the outbox, and kills itself at random between any two states of a row.

Where it dies it says on its standard output: inside a transaction, after one, before the call to the platform, after.
The process that is started only forks workers, each when the last has died: what they import is read once. SIGUSR1
has it kill the worker of the moment.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answering.answer import Answer
from bot.notices.delivery import NoticeDelivery
from bot.notices.outbox import Outbox
from bot.notices.sending import Doubles, LaterError, NoticePace, UnknownError
from bot.store.database import Store

LEASE = 2.0
RECOVER_EVERY = 0.5


class Dice:
    """Kills this process now and then."""

    def __init__(self, seed: str, chance: float) -> None:
        self._random = random.Random(seed)
        self._chance = chance

    def roll(self, place: str) -> None:
        """Die, perhaps, as by ``kill -9``."""
        if self._random.random() < self._chance:
            os.write(sys.stdout.fileno(), f"{place}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)


class DeadlyStore(Store):
    """A store whose process may die in each transaction, with all of it done and nothing committed, and after it."""

    dice: Dice

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Run one transaction, or die of it."""
        async with super().begin() as tx:
            yield tx
            self.dice.roll("in a transaction")
        self.dice.roll("after a transaction")


class Wire:
    """The way to the fake platform: one line of JSON there, one back."""

    name = "chaos"
    doubles = Doubles()
    notice_pace = NoticePace(per_chat=((10_000, 1),))

    def __init__(self, port: int, dice: Dice) -> None:
        self._port = port
        self._dice = dice

    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send; the platform may ask for a pause, and the answer may be lost."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError as error:
            raise LaterError("not reached", 0.2) from error
        try:
            self._dice.roll("before a call")
            writer.write(json.dumps([chat, notice.headline]).encode() + b"\n")
            await writer.drain()
            line = await reader.readline()
        except OSError as error:
            raise UnknownError("the answer was lost") from error
        finally:
            writer.close()
        if not line:
            raise UnknownError("the answer was lost")
        self._dice.roll("after a call")
        answer = json.loads(line)
        if "retry_after" in answer:
            raise LaterError("429", answer["retry_after"], everywhere=True)
        return str(answer["id"])

    async def send_picture(self, chat: str, notice: Answer) -> None:
        """Send none: what is counted here is messages."""


def keep_one(url: str, port: int, name: str, chance: float) -> None:
    """Keep one worker running until killed."""
    worker = 0
    signal.signal(signal.SIGUSR1, lambda *_: os.kill(worker, signal.SIGKILL) if worker else None)
    print("ready", flush=True)
    for number in itertools.count(1):
        worker = os.fork()
        if not worker:
            asyncio.run(main(url, port, f"{name}-{number}", chance))
        os.waitpid(worker, 0)


async def main(url: str, port: int, name: str, chance: float) -> None:
    """Deliver until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    store = DeadlyStore(url)
    store.dice = Dice(name, chance)
    outbox = Outbox(store, name, lease=LEASE)
    await NoticeDelivery(outbox, Wire(port, store.dice), look_every=0.05, recover_every=RECOVER_EVERY).run()


if __name__ == "__main__":
    keep_one(sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
