"""``kill -9`` in bursts while people ask on Telegram, the WeCom AI bot and the WeCom app, and press buttons.

``scripts/chaos/run kills --kills 500 [--database postgresql] [--scripted] [--minutes 30]`` prints a line for each
channel: asked, lost, doubled, presses, and how long until the next answer came after a kill. With ``--messages 300``
the kills are spread over so many messages of each channel, and more are asked until it has them. Exit code 1 when
anything is lost.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.settings import load_settings
from scripts.chaos.bots import Bots, bots
from scripts.chaos.crowd import PATIENCE, Crowd, crowd
from scripts.chaos.databases import open_database

QUESTIONS = ("区教委负责什么", "任务4.2.2", "有哪些方案", "怎么用", "渝中区文旅委的任务")
"""Answered from the data alone, so that a start needs no model."""
SCRIPTED = ("列表20", "第一问", "第二问", "第三问", "第四问")
CHANNELS = ("telegram", "wecom-aibot", "wecom-app")
AT_ONCE = 4
"""People who ask at the same time in each channel."""
PAUSES = (0.05, 2.5)
"""Seconds between two kills: some come before the bot has started."""
ANSWERS_WITHIN = 120.0
"""Seconds for which a kill waits for answers that it is to come among."""
BURST, REST = 25, 6.0
"""After so many kills there are so many seconds without one."""

log = logging.getLogger("kills")


@dataclass(slots=True)
class Outcome:
    """What a run has found."""

    kills: int = 0
    gaps: list[float] = field(default_factory=list)
    """Seconds from the last of a row of kills until the next answer."""
    crowd: Crowd | None = None
    again: int = 0
    """Answers that a start announced as perhaps given twice."""
    tracebacks: int = 0
    faults: Mapping[str, int] = field(default_factory=dict)
    """How tracebacks end, with their number."""

    @property
    def lost(self) -> int:
        """Questions and presses that were never answered."""
        tallies = self.crowd.tallies.values() if self.crowd else ()
        return sum(tally.lost + tally.presses_lost for tally in tallies)

    @property
    def doubled(self) -> int:
        """Answers that came once more."""
        return sum(tally.doubled for tally in self.crowd.tallies.values()) if self.crowd else 0


async def run(
    folder: Path,
    url: str,
    kills: int,
    *,
    scripted: bool,
    seed: int = 1,
    seconds: float = math.inf,
    at_once: int = AT_ONCE,
    messages: int = 0,
) -> Outcome:
    """Kill so often, or as often as ``seconds`` allow, spread over so many messages where that is said.

    Returns what became of everything.
    """
    dice, outcome, end = random.Random(seed), Outcome(), time.monotonic() + seconds
    async with crowd(SCRIPTED if scripted else QUESTIONS) as people:
        outcome.crowd = people
        async with bots(people.settings(folder, url), scripted=scripted) as bot:
            await people.learn()
            over = asyncio.Event()
            asking = [asyncio.create_task(_ask(people, channel, over)) for channel in CHANNELS * at_once]
            timing = asyncio.create_task(_time(people, bot, outcome))
            while outcome.kills < kills and time.monotonic() < end:
                if messages:
                    await _until_asked(people, messages * outcome.kills // kills)
                await _rest(people, outcome.kills, dice)
                if bot.kill():
                    outcome.kills += 1
                    log.info("killed %s times, %s answers", outcome.kills, people.answers)
            await _until_asked(people, messages)
            over.set()
            async with asyncio.timeout(PATIENCE * 2):
                await asyncio.gather(*asking)
            timing.cancel()
            await asyncio.gather(timing, return_exceptions=True)
            outcome.again, outcome.tracebacks = bot.said("answered again after a crash"), bot.tracebacks()
            outcome.faults = bot.faults()
    return outcome


async def _ask(people: Crowd, channel: str, over: asyncio.Event) -> None:
    while not over.is_set():
        await people.ask(channel)


async def _until_asked(people: Crowd, messages: int) -> None:
    while people.asked < messages:
        await asyncio.sleep(0.05)


async def _rest(people: Crowd, kills: int, dice: random.Random) -> None:
    """Wait until it is time for the next kill: anywhere in a start, or among the first answers after it."""
    if (kills + 1) % BURST == 0:
        await asyncio.sleep(REST)
    elif dice.random() < 0.5:
        await asyncio.sleep(dice.uniform(*PAUSES))
    else:
        wanted, end = people.answers + dice.randint(1, 6), time.monotonic() + ANSWERS_WITHIN
        while people.answers < wanted and time.monotonic() < end:
            await asyncio.sleep(0.01)
        await asyncio.sleep(dice.uniform(0.0, 0.2))


async def _time(people: Crowd, bot: Bots, outcome: Outcome) -> None:
    """Note how long nobody was answered after each row of kills."""
    born, since, before = bot.born, 0.0, people.answers
    while True:
        if bot.born != born:
            born, since, before = bot.born, time.monotonic(), people.answers
        elif since and people.answers > before:
            outcome.gaps.append(time.monotonic() - since)
            since = 0.0
        await asyncio.sleep(0.01)


def report(name: str, outcome: Outcome) -> None:
    """Print what was found."""
    if outcome.crowd is None:
        return
    print(f"{name}: kills {outcome.kills}; announced as perhaps twice {outcome.again}, tracebacks {outcome.tracebacks}")
    for fault, times in outcome.faults.items():
        print(f"{times} × {fault}")
    print("channel      asked   lost doubled pressed  lost pressed-again")
    for channel, tally in outcome.crowd.tallies.items():
        counts = (tally.asked, tally.lost, tally.doubled, tally.pressed, tally.presses_lost, tally.pressed_again)
        print(f"{channel:<11}" + "".join(f"{count:>7}" for count in counts))
    if len(outcome.gaps) > 1:
        cuts = statistics.quantiles(outcome.gaps, n=20, method="inclusive")
        print(f"seconds until it answers again: p50 {cuts[9]:.1f}, p95 {cuts[18]:.1f}, most {max(outcome.gaps):.1f}")


def main() -> int:
    """Run and print; 1 when anything is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="sqlite")
    parser.add_argument("--scripted", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=AT_ONCE, help="who ask at the same time in each channel")
    parser.add_argument("--minutes", type=float, default=math.inf, help="kill no longer than this")
    parser.add_argument("--messages", type=int, default=0)
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if not given.scripted:
            # The index is made once and kept; what is killed opens it.
            folder = load_settings().data_dir.resolve()
        database = stack.enter_context(open_database(given.database))
        url = database.new().replace("+aiosqlite", "").replace("+asyncpg", "")
        running = run(
            folder,
            url,
            given.kills,
            scripted=given.scripted,
            seed=given.seed,
            seconds=given.minutes * 60,
            at_once=given.people,
            messages=given.messages,
        )
        outcome = asyncio.run(running)
    report(f"{given.database}{', scripted' if given.scripted else ''}", outcome)
    return 1 if outcome.lost or outcome.tracebacks else 0


if __name__ == "__main__":
    # What is killed hangs up on the fake platforms, whose server tells each time.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    logging.basicConfig(format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    sys.exit(main())
