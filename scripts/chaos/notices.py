"""Chaos: two workers deliver notices while they and the database are killed, and the platform asks for pauses.

``python scripts/chaos/notices.py --seeds 20``. One notice in ten has two parts and may be sent for ``--window``
seconds only, so that some are missed. Prints for each seed, in messages: sent / unknown / missed / doubled / silent.
One is doubled when the platform has it twice; silently lost when the platform has not got it and the outbox neither
says so nor still has it to send, or when it was missed and its chat was not told; out of order when the platform has
the second part of a notice before the first, or without it; left when the seed was given up before its end. Exit
code 1 when there is one of these.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import json
import logging
import os
import random
import signal
import sys
import time
from dataclasses import astuple, dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.answering.answer import Answer, AnswerKind
from bot.notices.late import MISSED
from bot.notices.outbox import Notice, Outbox
from bot.store.database import Store
from bot.store.tables import outbox
from bot.zone import ZONE
from scripts.chaos.databases import PostgreSQL, SQLite, open_database

WORKERS = 2
CHATS = 200
SHORT_EVERY = 10
"""Every so many notices one has a short window and two parts."""
LONGEST = 900.0
"""Seconds after which a seed is given up (and fails)."""
PLATFORM_LOSES = 0.003
"""How often the platform takes a message and its answer is lost."""
STORMS, STORM_SECONDS = 0.003, 0.3
"""How often a message sets off a storm of 429, and how long that lasts."""

OPEN = ("due", "retry", "sending")
"""States of a row that has no end yet."""
Key = tuple[str, str]
"""A message: its chat and headline."""


@dataclass(slots=True)
class Platform:
    """The fake platform: it logs what it takes, asks for pauses in storms, and loses answers."""

    dice: random.Random
    log: list[Key] = field(default_factory=list)
    storm_until: float = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one message."""
        line = await reader.readline()
        if line:
            now = time.monotonic()
            if self.dice.random() < STORMS:
                self.storm_until = now + STORM_SECONDS
            if now < self.storm_until:
                answer: dict[str, float] = {"retry_after": STORM_SECONDS}
            else:
                chat, headline = json.loads(line)
                self.log.append((chat, headline))
                answer = {"id": len(self.log)}
            if self.dice.random() >= PLATFORM_LOSES:
                with contextlib.suppress(OSError):
                    writer.write(json.dumps(answer).encode() + b"\n")
                    await writer.drain()
        writer.close()


@dataclass(slots=True)
class Outcome:
    """What became of a seed's messages."""

    sent: int
    unknown: int
    missed: int
    doubled: int
    silent: int
    disorder: int
    left: int

    @property
    def bad(self) -> int:
        """How many are not as they must be."""
        return self.doubled + self.silent + self.disorder + self.left


@dataclass(slots=True)
class Crew:
    """The workers: each is followed by another when it dies; counts where they do."""

    deaths: collections.Counter[str]
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    def kill(self) -> None:
        """Kill every worker at once."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGUSR1)

    async def keep(self, url: str, port: int, name: str, chance: float) -> None:
        """Keep one worker running until cancelled."""
        script = Path(__file__).with_name("worker.py")
        environment = {**os.environ, "PYTHONPATH": str(script.parents[2])}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(script), url, str(port), name, str(chance)),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            if process.stdout is None or not await process.stdout.readline():
                raise RuntimeError("a worker does not start")
            self.processes.append(process)
            async for place in process.stdout:
                self.deaths[place.decode().strip()] += 1
        finally:
            # With the worker that it has forked.
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def planned(count: int, window: float, now: datetime) -> list[Notice]:
    """Return ``count`` notices, all due now."""
    notices = []
    for number in range(count):
        short = number % SHORT_EVERY == 0
        lines = [f"{number}/1", f"{number}/2"] if short else [str(number)]
        parts = tuple(Answer(AnswerKind.FACT, answered=True, headline=line) for line in lines)
        chat = str(number % CHATS)
        notices.append(Notice(f"chaos:{number}", now, "chaos", chat, parts, window if short else LONGEST * 2))
    return notices


async def open_rows(store: Store) -> int:
    """Return how many rows have no end yet; a database that is down counts as one."""
    query = select(func.count()).where(outbox.c.state.in_(OPEN))
    try:
        async with store.read() as tx:
            return int((await tx.execute(query)).scalar_one())
    except (SQLAlchemyError, OSError):
        return 1


async def run_seed(
    database: PostgreSQL | SQLite, seed: int, given: argparse.Namespace, deaths: collections.Counter[str]
) -> Outcome:
    """Deliver the notices under fire."""
    dice = random.Random(seed)
    url = database.new()
    store = Store(url)
    await store.open()
    notices = planned(given.notices, given.window, datetime.now(ZONE))
    async with store.begin() as tx:
        await Outbox(store).add(notices, tx)
    platform, crew = Platform(dice), Crew(deaths)
    server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    names = [f"{seed}-{letter}" for letter in "ab"[:WORKERS]]
    workers = [asyncio.create_task(crew.keep(url, port, name, given.chance)) for name in names]
    try:
        await _kill_until_done(database, store, crew, dice)
    finally:
        for task in workers:
            task.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        server.close()
    outcome = await judge(store, platform, notices)
    await store.close()
    return outcome


async def _kill_until_done(database: PostgreSQL | SQLite, store: Store, crew: Crew, dice: random.Random) -> None:
    end = time.monotonic() + LONGEST
    next_kill = time.monotonic() + dice.uniform(1, 4)
    while await open_rows(store) and time.monotonic() < end:
        await asyncio.sleep(0.2)
        if time.monotonic() > next_kill:
            await asyncio.to_thread(database.kill, crew.kill)
            crew.deaths["the database"] += 1
            next_kill = time.monotonic() + dice.uniform(2, 6)


async def judge(store: Store, platform: Platform, notices: list[Notice]) -> Outcome:
    """Compare the platform's log with what the outbox says."""
    async with store.read() as tx:
        rows = [(row, msgspec.json.decode(row.body, type=Answer)) for row in await tx.execute(select(outbox))]
    states = {(row.chat, body.headline): row.state for row, body in rows}
    told_of_missed = {row.chat for row, _ in rows if row.notice == MISSED}
    taken = collections.Counter(platform.log)
    keys = {(one.chat, part.headline) for one in notices for part in one.parts} | states.keys()
    told = {"unknown", "missed", "failed", *OPEN}
    silent = sum(1 for key in keys if not taken[key] and states.get(key) not in told)
    silent += len({chat for (chat, _), state in states.items() if state == "missed"} - told_of_missed)
    first = {key: at for at, key in reversed(list(enumerate(platform.log)))}
    pairs = [[(one.chat, part.headline) for part in one.parts] for one in notices if len(one.parts) > 1]
    disorder = sum(two in first and first.get(one, len(first)) > first[two] for one, two in pairs)
    counts = collections.Counter(states.values())
    left = sum(counts[state] for state in OPEN)
    doubled = sum(times > 1 for times in taken.values())
    return Outcome(counts["sent"], counts["unknown"], counts["missed"], doubled, silent, disorder, left)


def main() -> int:
    """Run the seeds and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--notices", type=int, default=2000)
    parser.add_argument("--chance", type=float, default=0.002, help="of dying, at each step of each message")
    parser.add_argument("--window", type=float, default=20.0, help="seconds for which one notice in ten may be sent")
    given = parser.parse_args()
    # So that a stopped run still ends its database and its workers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    total, deaths = Outcome(0, 0, 0, 0, 0, 0, 0), collections.Counter[str]()
    with open_database(given.database) as database:
        print(f"{given.database}, {given.notices} notices, {WORKERS} workers; {database.what_dies}")
        print("seed       sent unknown  missed doubled  silent disorder    left seconds")
        for seed in range(given.first, given.first + given.seeds):
            began = time.monotonic()
            one = asyncio.run(run_seed(database, seed, given, deaths))
            print(line(f"seed {seed}", one) + f"{time.monotonic() - began:>8.1f}", flush=True)
            total = Outcome(*(a + b for a, b in zip(astuple(total), astuple(one), strict=True)))
    print(line("all", total))
    print("killed: " + ", ".join(f"{place} {count}" for place, count in deaths.most_common()))
    print(f"doubled, silently lost, out of order or left: {total.bad}")
    return 1 if total.bad else 0


def line(name: str, outcome: Outcome) -> str:
    """Return one line of the table."""
    return f"{name:<7}" + "".join(f"{number:>8}" for number in astuple(outcome))


if __name__ == "__main__":
    sys.exit(main())
