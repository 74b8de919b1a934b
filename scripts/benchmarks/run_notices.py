"""Notices at the platforms' rates: how fast 10,000 due ones drain, and how long answers take before and meanwhile.

``scripts/bench notices``. The bot is a process of its own (``python -m bot run`` with the shipped plans) on the tests'
fake Telegram and WeCom, with real HTTP and WebSockets on loopback and no clock but the real one. Somebody asks a
question in Telegram, of the AI bot and of the app in turns, first alone and then until every notice has its end.
The peak is the most messages, answers included, that a platform got within one of its own spans; it must not be
above the ceiling.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.answering.answer import Answer, AnswerKind
from bot.messages import say
from bot.notices.outbox import Notice, Outbox
from bot.settings import load_settings
from bot.store.database import Store
from bot.store.tables import outbox
from scripts.chaos.notices_stage import ASKED, Asking, Chats, Stage, share
from tests.bot_process import BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.robot import FakeRobot
from tests.fake_wecom.serving import serving

ALONE = 40
"""Questions of each kind before the notices are due."""
ASK_EVERY = 0.5
QUESTIONS = ("区教委负责什么", "2027年中医馆要建多少个", "任务4.2.2", "有哪些责任单位")
START_SECONDS = 900.0
CHANNELS = ("telegram", "wecom-app", "wecom-aibot", "wecom-robot")


async def plan(store: Store, chats: dict[str, Chats]) -> None:
    """Make the notices due."""
    now = datetime.now(UTC)
    lines = [(channel, chat, number) for channel, of in chats.items() for chat, count in of for number in range(count)]
    body = Answer(AnswerKind.FACT, answered=True, headline="到期提醒：区教委")
    async with store.begin() as tx:
        await Outbox(store).add(
            (Notice(f"bench:{number}", now, channel, chat, (body,), 86_400) for channel, chat, number in lines), tx
        )


async def states(store: Store) -> dict[tuple[str, str], int]:
    """Return how many rows of each channel are in each state."""
    query = select(outbox.c.channel, outbox.c.state, func.count()).group_by(outbox.c.channel, outbox.c.state)
    async with store.read() as tx:
        return {(row[0], row[1]): row[2] for row in await tx.execute(query)}


async def drain(store: Store, asking: Asking, began: float) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Ask until nothing is due; returns what answers took, and when each channel was done."""
    took: dict[str, list[float]] = defaultdict(list)
    done: dict[str, float] = {}
    number = 0
    while len(done) < len(CHANNELS):
        for channel in ASKED:
            took[channel].append(await asking.ask(channel, QUESTIONS[number % len(QUESTIONS)]))
        number += 1
        found = await states(store)
        open_ = {channel for (channel, state), _ in found.items() if state in ("due", "retry", "sending")}
        for channel in CHANNELS:
            if channel not in open_:
                done.setdefault(channel, time.monotonic() - began)
        await asyncio.sleep(ASK_EVERY)
    return took, done


async def measure(folder: Path, data: Path, total: int) -> bool:
    """Drain, ask before and meanwhile, and print; returns whether every notice was sent and no limit passed."""
    chats = share(total)
    office = FakeApi()
    async with FakeTelegram() as telegram, FakeRobot() as robot, serving(office.app()) as url:
        stage = Stage(telegram, robot, office, url)
        stage.prepare(chats)
        async with BotProcess(data, stage.settings(folder), module="bot", arguments=("run",)) as bot:
            await bot.logged(say("run.ready"), START_SECONDS)
            await robot.connected()
            asking = Asking(stage, await bot.url())
            idle: dict[str, list[float]] = defaultdict(list)
            for number in range(ALONE):
                for channel in ASKED:
                    idle[channel].append(await asking.ask(channel, QUESTIONS[number % len(QUESTIONS)]))
            store = Store(f"sqlite+aiosqlite:///{folder / 'wence.db'}")
            began = time.monotonic()
            await plan(store, chats)
            planned = time.monotonic() - began
            busy, done = await drain(store, asking, began)
            found = await states(store)
            await store.close()
            await bot.end(signal.SIGTERM)
    console = Console(width=120)
    console.print(f"{sum(n for of in chats.values() for _, n in of)} notices made due in {planned:.1f} s")
    print_drained(console, chats, found, done)
    print_answers(console, idle, busy)
    return print_peaks(console, stage) and all(state == "sent" for _, state in found)


def print_drained(
    console: Console, chats: dict[str, Chats], found: dict[tuple[str, str], int], done: dict[str, float]
) -> None:
    """Print what became of each channel's notices."""
    table = Table("channel", "notices", "chats", "sent", "other", "done after s", "a second")
    for channel in CHANNELS:
        count = sum(n for _, n in chats[channel])
        sent = found.get((channel, "sent"), 0)
        cells = (count, len(chats[channel]), sent, count - sent, f"{done[channel]:.0f}", f"{sent / done[channel]:.1f}")
        table.add_row(channel, *map(str, cells))
    console.print(table)


def print_answers(console: Console, idle: dict[str, list[float]], busy: dict[str, list[float]]) -> None:
    """Print what answers took."""
    table = Table("answers", "idle", "p50 ms", "p99 ms", "during the drain", "p50 ms", "p99 ms")
    for channel in ASKED:
        cells: list[str] = []
        for took in (idle[channel], busy[channel]):
            cuts = statistics.quantiles(took, n=100, method="inclusive")
            cells += [str(len(took)), f"{1000 * cuts[49]:.0f}", f"{1000 * cuts[98]:.0f}"]
        table.add_row(channel, *cells)
    console.print(table)


def print_peaks(console: Console, stage: Stage) -> bool:
    """Print the peaks; returns whether none is above its ceiling."""
    table = Table("limit", "", "peak", "ceiling")
    peaks = stage.peaks()
    for name, (what, peak, ceiling) in peaks.items():
        table.add_row(name, what, str(peak), str(ceiling))
    console.print(table)
    return all(peak <= ceiling for _, peak, ceiling in peaks.values())


def main() -> int:
    """Read the arguments and run; 1 when a notice was not sent or a limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    given = parser.parse_args()
    data = load_settings().data_dir.resolve()
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(measure(Path(folder), data, given.count)) else 1


if __name__ == "__main__":
    sys.exit(main())
