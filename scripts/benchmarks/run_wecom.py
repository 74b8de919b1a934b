"""Measure the running bot on a fake WeCom: each answer alone, then a burst of 1,000 messages from 50 conversations.

The bot is a process of its own (``python -m bot run`` with the shipped plans); the platform is the tests' own AI-bot
server, over a real WebSocket on loopback, with the platform's limits per conversation. ``--kill N`` kills the bot N
times with SIGKILL during a burst of its own and counts what was lost, doubled or out of order.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import signal
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.messages import say  # noqa: E402 - needs the path above
from bot.settings import load_settings  # noqa: E402
from scripts.benchmarks.run_telegram import ALONE, CHATS, MESSAGES, QUESTIONS, START_SECONDS, row  # noqa: E402
from tests.bot_process import BotProcess  # noqa: E402
from tests.fake_wecom.robot import Asked, FakeRobot  # noqa: E402

PATIENCE = 600.0


def bot_on(robot: FakeRobot, folder: Path, store: Path) -> BotProcess:
    """Return a bot that is to run on a fake platform; its plans in ``folder``, its state in ``store``."""
    settings = {
        "WENCE_WECOM_BOT_ID": robot.bot_id,
        "WENCE_WECOM_BOT_SECRET": robot.secret,
        "WENCE_WECOM_BOT_URL": robot.url,
        "WENCE_QUESTIONS_PER_MINUTE": "0",
        "WENCE_DATABASE_URL": f"sqlite:///{store / 'wence.db'}",
    }
    return BotProcess(folder, settings, module="bot", arguments=("run",))


async def burst(robot: FakeRobot, name: str) -> list[Asked]:
    """Have everybody ask at once; returns what was asked, oldest first."""
    each = range(MESSAGES // CHATS)
    pairs = itertools.product(each, range(CHATS))
    return [await robot.say(f"{name}-{chat}", QUESTIONS[number % len(QUESTIONS)]) for number, chat in pairs]


def finished(asked: list[Asked]) -> int:
    """Return how many were answered."""
    return sum(one.finished.is_set() for one in asked)


def in_order(asked: list[Asked]) -> bool:
    """Whether every conversation's answers came in the order of its questions."""
    times: dict[str, list[float]] = defaultdict(list)
    for one in asked:
        times[one.chat].append(one.finished_at)
    return all(one == sorted(one) for one in times.values())


def faults(robot: FakeRobot, asked: list[Asked]) -> tuple[int, int]:
    """Return how many messages got no answer, and how many got more than one (“正在查询…” is none)."""
    again = sum(sum(text != say("wecom.working") for text in one.contents) > 1 for one in asked)
    twice = again + sum(body["msgtype"] == "markdown" for body in robot.pushed)
    return len(asked) - finished(asked), twice


async def measure(folder: Path, store: Path, console: Console) -> bool:
    """Measure speed; returns whether every message was answered once and in order."""
    async with FakeRobot() as robot, bot_on(robot, folder, store) as bot:
        await bot.logged(say("run.ready"), START_SECONDS)
        await robot.connected()
        alone = []
        for number in range(ALONE):
            alone.append(await robot.say(f"alone-{number}", QUESTIONS[number % len(QUESTIONS)]))
            await robot.until(alone[-1].finished.is_set)
        begun = time.monotonic()
        asked = await burst(robot, "crowd")
        await robot.until(lambda: finished(asked) == len(asked), PATIENCE)
        seconds = time.monotonic() - begun
        await bot.end(signal.SIGTERM)
    table = Table("", "answers", "p50 ms", "p95 ms", "p99 ms", title="问策 · bench wecom")
    row(table, "one question at a time", [one.finished_at - one.at for one in alone])
    row(table, f"burst of {MESSAGES} from {CHATS} conversations", [one.finished_at - one.at for one in asked])
    console.print(table)
    lost, twice = faults(robot, asked)
    ordered = in_order(asked)
    console.print(f"burst: {seconds:.1f} s, {len(asked) / seconds:.1f} answers a second")
    console.print(f"lost {lost}, answered twice {twice}; in order in every conversation: {'yes' if ordered else 'NO'}")
    console.print(f"refused by the platform: {len(robot.refused)}")
    return ordered and not lost and not twice


async def survive(folder: Path, store: Path, kills: int, console: Console) -> bool:
    """Kill the bot so often during a burst; returns whether every message was answered once and in order."""
    async with FakeRobot() as robot:
        asked = await burst(robot, "killed")
        for number in range(1, kills + 1):
            async with bot_on(robot, folder, store) as bot:
                goal = len(asked) * number // (kills + 1)
                await robot.until(lambda goal=goal: finished(asked) >= goal, PATIENCE)  # type: ignore[misc]
                await bot.end(signal.SIGKILL)
        async with bot_on(robot, folder, store) as bot:
            await robot.until(lambda: finished(asked) == len(asked), PATIENCE)
            await bot.end(signal.SIGTERM)
    lost, twice = faults(robot, asked)
    ordered = in_order(asked)
    console.print(f"{kills} times kill -9 over {len(asked)} messages: lost {lost}, answered twice {twice}")
    console.print(f"in order in every conversation: {'yes' if ordered else 'NO'}")
    return ordered and not lost and not twice


async def main() -> int:
    """Run what was asked for; returns 1 when an answer is missing, doubled or out of order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kill", type=int, default=0, metavar="N", help="kill the bot N times instead of timing it")
    kills: int = parser.parse_args().kill
    folder = load_settings().data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        store = Path(passing)
        well = await (survive(folder, store, kills, Console()) if kills else measure(folder, store, Console()))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
