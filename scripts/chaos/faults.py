"""Breaks what the bot stands on while people ask, puts it right, and counts: lost, doubled, how long, what it said.

``scripts/chaos/run faults [NAME …]``; without names all of them, as root (``mount``). Answers are scripted: what is
broken here is the disk, the database, the clock and the platforms. One row a fault, as ``docs/safety.md`` has them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.chaos.bots import Bots, bots
from scripts.chaos.crowd import Crowd, crowd
from scripts.chaos.databases import PostgreSQL, open_database
from scripts.chaos.kills import CHANNELS, SCRIPTED
from tests.fake_telegram.world import Fault

DISK = "6m"
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
"""Debian's package faketime."""
SHORT, LONG = 8.0, 60.0
"""Seconds for which something is broken."""
PATIENCE = 300.0
"""Seconds after which an answer is lost."""
FLIPS = 24
_QUIET = ("received", "answered", "done", "listening", "telegram：启动", "wecom-aibot：启动", "wecom-app：启动")
_START = 60.0


@dataclass(slots=True)
class Scene:
    """A bot that has answered everything so far, and who asks it."""

    people: Crowd
    bot: Bots
    folder: Path
    broken: float = 0.0
    healed: float = 0.0
    again_after: float = 0.0
    """Seconds from ``healed`` to the next answer."""
    notes: list[str] = field(default_factory=list)
    _mark: int = 0

    async def ask(self, each: int = 2) -> None:
        """Have new people ask in every channel until all of it is answered or given up."""
        await asyncio.gather(*(self.people.ask(channel) for channel in CHANNELS * each))

    async def during(self, heal: Callable[[], Awaitable[None]], seconds: float = SHORT) -> None:
        """Have people ask while something is broken, and on until everything is answered after ``heal``."""
        self._mark, self.broken = len(self.bot.log), time.monotonic()
        asking = asyncio.create_task(self.ask())
        await asyncio.sleep(seconds)
        await heal()
        self.healed, before = time.monotonic(), self.people.answers
        while self.people.answers == before and not asking.done():
            await asyncio.sleep(0.02)
        self.again_after = time.monotonic() - self.healed
        await asking

    def said(self) -> str:
        """Return what was said since it was broken: warnings and errors, each once with its number."""
        lines = Counter(
            str(line.get("event"))[:70] for line in self.bot.log[self._mark :] if line.get("level") != "info"
        )
        told = [f"{event} ×{count}" for event, count in lines.most_common(4)]
        words = [line for line in self.bot.words.splitlines() if line.strip()]
        return "; ".join([*self.notes, *told, *words[-1:]])


@contextlib.asynccontextmanager
async def scene(folder: Path, url: str = "", more: dict[str, str] | None = None) -> AsyncIterator[Scene]:
    """Start platforms and a bot that everybody has asked once."""
    async with crowd(SCRIPTED) as people:
        settings = people.settings(folder, url or f"sqlite:///{folder / 'wence.db'}") | (more or {})
        async with bots(settings, scripted=True) as bot:
            await people.learn()
            people.patience = PATIENCE
            yield Scene(people, bot, folder)


def report(name: str, here: Scene) -> int:
    """Print a row; returns what is lost."""
    tallies = here.people.tallies.values()
    lost = sum(tally.lost + tally.presses_lost for tally in tallies)
    asked, doubled = sum(tally.asked for tally in tallies), sum(tally.doubled for tally in tallies)
    print(f"| {name} | {asked} | {lost} | {doubled} | {here.again_after:.1f} | {here.said()} |", flush=True)
    return lost


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """Mount a small disk on ``folder``."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)  # noqa: S607
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


def remounted(folder: Path, how: str) -> bool:
    """Mount a folder anew, ``ro`` or ``rw``; False while somebody writes there."""
    command = ["mount", "-o", f"remount,{how}", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


async def disk_full(folder: Path) -> int:
    """Have nothing more be written for a while."""
    with mounted(folder, f"size={DISK}"):
        async with scene(folder) as here:
            filler = folder / "filler"

            def fill() -> None:
                with contextlib.suppress(OSError), filler.open("wb") as out:
                    while True:
                        out.write(bytes(4096))
                        out.flush()

            await asyncio.to_thread(fill)

            async def heal() -> None:
                filler.unlink()

            await here.during(heal)
            return report("disk full", here)


async def read_only(folder: Path) -> int:
    """Start the bot on a folder that can't be written."""
    with mounted(folder, f"size={DISK}"):
        async with scene(folder) as here:
            here.bot.kill()

            async def turn(how: str) -> None:
                while not await asyncio.to_thread(remounted, folder, how):
                    here.bot.kill()
                    await asyncio.sleep(0.02)

            await turn("ro")
            await here.during(lambda: turn("rw"))
            here.notes.append(f"exit codes {sorted(set(here.bot.ends))}")
            return report("read-only folder", here)


async def bits_flipped(folder: Path) -> int:
    """Change single bits of the store's file: each time it is named at the start, or everything is answered."""
    named = answered = lost = 0
    for number in range(FLIPS):
        dice, place = random.Random(number), folder / str(number)
        place.mkdir()
        async with scene(place) as here:
            file = place / "wence.db"
            here.bot.kill()
            data = bytearray(file.read_bytes())
            for _ in range(8):
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            file.write_bytes(data)
            here.bot.kill()
            asking = asyncio.create_task(here.ask(1))
            end = time.monotonic() + _START
            while not asking.done() and not here.bot.ends and time.monotonic() < end:
                await asyncio.sleep(0.05)
            if here.bot.ends:
                named += 1
            elif asking.done():
                answered += 1
            else:
                lost += 1
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
    told = f"named at the start {named}, all answered {answered}"
    print(f"| 8 bits of the SQLite file flipped, {FLIPS} times | | {lost} | 0 | | {told} |")
    return lost


async def two_bots(folder: Path) -> int:
    """Run two bots on one folder, and kill one."""
    async with scene(folder) as here:
        settings = here.people.settings(folder, f"sqlite:///{folder / 'wence.db'}")
        for name in ("WENCE_WECOM_APP_TOKEN", "WENCE_HTTP_PORT"):
            settings.pop(name)
        async with bots(settings | {"WENCE_HTTP_PORT": "0"}, scripted=True) as second:
            while not second.said("待命"):
                await asyncio.sleep(0.05)

            async def heal() -> None:
                here.bot.kill()

            await here.during(heal)
            here.notes.append(f"the second stood by {second.said('待命')} times")
            return report("two bots on one folder, one killed", here)


async def database_away(folder: Path) -> int:
    """Take the PostgreSQL server away for a minute."""
    with open_database("postgresql") as database:
        if not isinstance(database, PostgreSQL):
            raise TypeError
        async with scene(folder, database.new().replace("+asyncpg", "")) as here:
            await asyncio.to_thread(database.end)
            await here.during(lambda: asyncio.to_thread(database.begin), LONG)
            return report(f"database away for {LONG:.0f} s", here)


async def clock(folder: Path) -> int:
    """Put the machine's clock a day ahead, a day back, and right."""
    shift = folder / "shift"
    shift.write_text("+0", encoding="ascii")
    fake = {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(shift), "FAKETIME_NO_CACHE": "1"}
    fake |= {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "WENCE_STALE_AFTER": "0"}
    lost = 0
    async with scene(folder, more=fake) as here:
        for name, jump in (("clock a day ahead", "+1d"), ("clock a day back", "-1d"), ("clock right again", "+0")):
            here.people.tallies = {channel: type(tally)() for channel, tally in here.people.tallies.items()}

            async def heal(jump: str = jump) -> None:
                shift.write_text(jump, encoding="ascii")

            await here.during(heal, 1.0)
            await here.ask(1)
            lost += report(name, here)
    return lost


async def storms(folder: Path) -> int:
    """Have the platforms answer nothing but errors for a while."""
    lost = 0
    for name, fault, office in (
        ("429 storm", Fault(429, retry_after=2), 45009),
        ("500 storm", Fault(500), 0),
        ("401 for a while", Fault(401, "Unauthorized"), 42001),
        ("409: another poller", Fault(409, "Conflict"), -1),
    ):
        place = folder / name.partition(" ")[0].strip(":")
        place.mkdir()
        async with scene(place) as here:
            world = here.people.telegram.world
            method = "getUpdates" if fault.code == 409 else "sendMessage"
            world.faults[method] = [fault] * (3 if fault.code == 401 else 12)
            here.people.office.fail_next = [office] * 3
            here.people.robot.refusals["aibot_respond_msg"] = [45009] * 6

            async def heal(here: Scene = here) -> None:
                here.people.telegram.world.faults.clear()
                here.people.office.fail_next.clear()
                here.people.robot.refusals.clear()

            await here.during(heal)
            lost += report(name, here)
    return lost


async def slow(folder: Path) -> int:
    """Have the platforms do what they are asked, and say so after a minute."""
    async with scene(folder) as here:
        world = here.people.telegram.world
        world.faults["sendMessage"] = [Fault(200, after=True, delay=LONG)] * 4
        here.people.robot.ack_delay = LONG

        async def heal() -> None:
            world.faults.clear()
            here.people.robot.ack_delay = 0.0

        await here.during(heal)
        return report(f"answers after {LONG:.0f} s", here)


ALL = (
    disk_full,
    read_only,
    bits_flipped,
    two_bots,
    database_away,
    clock,
    storms,
    slow,
)


async def run(names: list[str]) -> int:
    """Run the faults of these names; returns how many lost something."""
    bad = 0
    print("| fault | asked | lost | doubled | answers again after s | said |\n|---|---|---|---|---|---|")
    for fault in ALL:
        if names and fault.__name__ not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            bad += bool(await fault(Path(folder)))
    return bad


def main() -> int:
    """Run what is named; 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(fault.__name__ for fault in ALL))
    return 1 if asyncio.run(run(parser.parse_args().names)) else 0


if __name__ == "__main__":
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    sys.exit(main())
