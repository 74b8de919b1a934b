"""What a message that can't be read costs the person who asks next, on each platform: seconds until their answer.

``scripts/chaos/run poison`` prints a line for each kind: how long an answer took before it, and right after it. Exit
code 1 when the second is more than a second longer, or when no answer came.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import httpx
import structlog

from bot.store.database import Store
from tests.fake_telegram.server import FakeTelegram
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.robot import FakeRobot
from tests.poison import APP, ROBOT, TELEGRAM, post_poison
from tests.scripted import ScriptedAnswerer
from tests.telegram_bot import Scene
from tests.wecom.office import aibot, app

MOST = 1.0
"""Seconds that a poison message may cost anybody else."""
_PATIENCE = 30.0

Ask = Callable[[], Awaitable[None]]
"""Has somebody ask, and returns with their answer."""


@contextlib.asynccontextmanager
async def _store() -> AsyncIterator[tuple[Store, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite+aiosqlite:///{folder}/wence.db")
        await store.open()
        yield store, Path(folder)
        await store.close()


async def _seconds(ask: Ask) -> float:
    began = time.monotonic()
    async with asyncio.timeout(_PATIENCE):
        await ask()
    return time.monotonic() - began


async def _try(channel: str, poison: dict[str, Callable[[], Awaitable[object]]], ask: Ask) -> float:
    """Print what each kind costs; the most of them."""
    await ask()  # the first answer makes connections
    most = 0.0
    for kind, send in poison.items():
        before = await _seconds(ask)
        await send()
        after = await _seconds(ask)
        print(f"{channel:<12}{kind:<24}{before:>7.2f} s{after:>7.2f} s")
        most = max(most, after - before)
    return most


async def telegram() -> float:
    """Have one person send poison and another ask."""
    async with _store() as (store, folder), FakeTelegram() as fake:
        scene = Scene(fake, folder, ScriptedAnswerer(), store)
        sender, other = scene.person(1), scene.person(2)

        async def ask() -> None:
            number = len(other.answers()) + 1
            await other.say("第一问")
            await other.answer(number)

        async with scene.bot(questions_per_minute=0):
            return await _try("telegram", {kind: partial(post_poison, sender, kind) for kind in TELEGRAM}, ask)


async def robot() -> float:
    """Send frames to the AI bot, and have a member ask."""
    async with _store() as (store, _), FakeRobot() as fake:

        async def ask() -> None:
            await (await fake.say("wang", "乙 短")).finished.wait()

        async with aibot(fake, store):
            await fake.connected()
            return await _try("wecom-aibot", {kind: partial(fake.raw, frame) for kind, frame in ROBOT.items()}, ask)


async def office() -> float:
    """Post callbacks to the app, and have a member ask."""
    platform = FakeApi()
    platform.members["wang"] = [2]
    async with _store() as (store, _), app(platform, store) as caller, httpx.AsyncClient() as client:
        numbers = iter(range(10_000, 20_000))

        async def ask() -> None:
            await caller.say("wang", "乙 短", str(next(numbers)))

        def send(document: str) -> Callable[[], Awaitable[object]]:
            query, body = caller.sealed(document)
            return lambda: client.post(caller.url, params=query, content=body)

        return await _try("wecom-app", {kind: send(document) for kind, document in APP.items()}, ask)


async def main() -> int:
    """Try all kinds; 1 when any costs too much."""
    print(f"{'channel':<12}{'poison':<24}{'before':>9}{'after':>9}")
    most = max([await telegram(), await robot(), await office()])
    print(f"at most {most:.2f} s more")
    return 1 if most > MOST else 0


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    sys.exit(asyncio.run(main()))
