"""Measure the running bot on a fake Telegram: each answer alone, then a burst of 1,000 messages from 50 chats.

The bot is a process of its own (``python -m bot run`` with the shipped plans); the platform is the tests' own, over
real HTTP on loopback. In the burst it answers 429 every few seconds. Telegram's limit of 30 messages a second, which
the bot keeps, bounds the burst's throughput from above.
"""

from __future__ import annotations

import asyncio
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.settings import load_settings  # noqa: E402 - needs the path above
from tests.bot_process import BotProcess  # noqa: E402
from tests.fake_telegram.server import FakeTelegram  # noqa: E402
from tests.fake_telegram.world import Fault, Person, World  # noqa: E402

CHATS, MESSAGES, ALONE = 50, 1000, 60
REFUSE_EVERY = 10.0
START_SECONDS = 900.0
"""The first start makes the model and the index."""
QUESTIONS = (
    "区教委负责什么",
    "2027年中医馆要建多少个",
    "古籍保护谁负责",
    "任务4.2.2",
    "有哪些方案",
    "渝中区文旅委的任务",
    "有哪些责任单位",
)


def latencies(person: Person) -> list[float]:
    """Return the seconds from each of a person's messages to its answer; both are in their order."""
    times = person.place.times
    asked = [m["message_id"] for m in person.place.messages.values() if m["from"]["id"] == person.number]
    answered = [m["message_id"] for m in person.answers()]
    return [times[answer] - times[question] for question, answer in zip(asked, answered, strict=False)]


def row(table: Table, name: str, seconds: Sequence[float]) -> None:
    """Add one line of percentiles, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    table.add_row(name, str(len(seconds)), *(f"{1000 * value:.0f}" for value in (cuts[49], cuts[94], cuts[98])))


async def refuse_now_and_then(world: World) -> None:
    """Answer 429 every few seconds until cancelled."""
    while True:
        await asyncio.sleep(REFUSE_EVERY)
        world.fail("sendMessage", Fault(429, retry_after=1))


async def ask_alone(world: World) -> Person:
    """Ask one question after the other, each when the last is answered."""
    person = Person(world, 1, world.chat(1))
    for number in range(ALONE):
        await person.say(QUESTIONS[number % len(QUESTIONS)])
        await person.answer(number + 1)
    return person


async def burst(world: World) -> tuple[list[Person], float]:
    """Have everybody ask at once; returns who asked, and the seconds until all was answered."""
    crowd = [Person(world, number, world.chat(number)) for number in range(100, 100 + CHATS)]
    begun = time.monotonic()
    refusing = asyncio.create_task(refuse_now_and_then(world))
    each = MESSAGES // CHATS
    for number in range(each):
        for person in crowd:
            await person.say(QUESTIONS[number % len(QUESTIONS)])
    await world.until(lambda: all(len(person.answers()) >= each for person in crowd), seconds=300)
    refusing.cancel()
    return crowd, time.monotonic() - begun


def in_order(crowd: list[Person]) -> bool:
    """Whether every chat's answers follow its questions: the same question has the same first line everywhere."""
    first_lines = [[answer["text"].splitlines()[0] for answer in person.answers()] for person in crowd]
    expected = first_lines[0][: len(QUESTIONS)]
    distinct = len(set(expected)) == len(QUESTIONS)
    return distinct and all(
        line == expected[at % len(QUESTIONS)] for lines in first_lines for at, line in enumerate(lines)
    )


async def measure() -> int:
    """Run both parts and print a table; returns 1 when an answer is missing, doubled, late or out of order."""
    async with FakeTelegram() as fake:
        folder = load_settings().data_dir.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        token = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        database = {"WENCE_DATABASE_URL": f"sqlite:///{folder / 'bench-telegram.db'}"}
        async with BotProcess(folder, token | database, module="bot", arguments=("run",)) as bot:
            await bot.logged("方案已就绪", START_SECONDS)
            alone = await ask_alone(fake.world)
            crowd, seconds = await burst(fake.world)
            await bot.end(signal.SIGTERM)
        for file in folder.glob("bench-telegram.db*"):
            file.unlink()
        return report(fake.world, alone, crowd, seconds)


def report(world: World, alone: Person, crowd: list[Person], seconds: float) -> int:
    """Print what was measured."""
    answers = sum(len(person.answers()) for person in crowd)
    table = Table("", "answers", "p50 ms", "p95 ms", "p99 ms", title="问策 · bench telegram")
    row(table, "one question at a time", latencies(alone))
    row(table, f"burst of {MESSAGES} from {CHATS} chats", [s for person in crowd for s in latencies(person)])
    console = Console()
    console.print(table)
    refusals = len([call for call in world.calls if call.method == "sendMessage"]) - answers - ALONE
    ordered = in_order(crowd)
    console.print(f"burst: {seconds:.1f} s, {answers / seconds:.1f} answers a second")
    console.print(f"answered {answers} of {MESSAGES}; in order in every chat: {'yes' if ordered else 'NO'}")
    console.print(f"429s given: {refusals}; requests that ignored one: {len(world.violations)}")
    return 0 if ordered and answers == MESSAGES and not world.violations else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(measure()))
