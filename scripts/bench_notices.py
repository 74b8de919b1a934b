"""Notices at Telegram's rates against the fake platform: how fast due ones drain, and how long answers take meanwhile.

``scripts/bench notices [--count N] [--groups N]``: so many notices to private chats and to groups are due at once;
somebody asks a question every half second until all are sent.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import func, select

from bot.ask.answer import Answer, AnswerKind
from bot.notices.outbox import Notice, Outbox
from bot.store.database import Store
from bot.store.tables import outbox
from tests.fake_telegram.server import FakeTelegram
from tests.scripted import ScriptedAnswerer
from tests.telegram_bot import Scene

ASK_EVERY = 0.5
IN_ONE_GROUP = 10


async def plan(store: Store, count: int, groups: int) -> None:
    """Put ``count`` notices into the outbox, some of them to groups."""
    now = datetime.now(UTC)
    body = Answer(AnswerKind.FACT, answered=True, headline="到期提醒：区教委")
    chats = [f"-{1000 + number}" for number in range(groups) for _ in range(IN_ONE_GROUP)]
    chats += [str(10_000 + number) for number in range(count - len(chats))]
    async with store.begin() as tx:
        notices = [Notice(f"bench:{n}", now, "telegram", chat, (body,), 86_400) for n, chat in enumerate(chats)]
        await Outbox(store).add(notices, tx)


async def waiting(store: Store) -> int:
    """Return how many have no end yet."""
    query = select(func.count()).where(outbox.c.state.in_(("due", "retry", "sending")))
    async with store.read() as tx:
        return int((await tx.execute(query)).scalar_one())


async def measure(folder: Path, count: int, groups: int) -> None:
    """Drain, ask meanwhile, and print."""
    store = Store(f"sqlite+aiosqlite:///{folder / 'wence.db'}")
    await store.open()
    await plan(store, count, groups)
    async with FakeTelegram() as fake:
        scene = Scene(fake, folder, ScriptedAnswerer(), store)
        for number in range(groups):
            fake.world.chat(-(1000 + number), "supergroup")
        for number in range(count):
            fake.world.chat(10_000 + number)
        person = scene.person(1)
        took: list[float] = []
        async with scene.bot(questions_per_minute=0):
            began = time.monotonic()
            while await waiting(store):
                asked = time.monotonic()
                await person.say("中医馆目标是多少")
                await person.answer(len(took) + 1)
                took.append(time.monotonic() - asked)
                await asyncio.sleep(ASK_EVERY)
            seconds = time.monotonic() - began
    await store.close()
    took.sort()
    print(f"{count} notices, {groups} groups of {IN_ONE_GROUP}: {seconds:.0f} s, {count / seconds:.1f} a second")
    middle, late = statistics.median(took) * 1000, took[int(len(took) * 0.95)] * 1000
    print(f"{len(took)} answers meanwhile: median {middle:.0f} ms, 95 % within {late:.0f} ms")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--groups", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), given.count, given.groups))


if __name__ == "__main__":
    main()
