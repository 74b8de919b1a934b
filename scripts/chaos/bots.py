"""A bot that is started again whenever it ends, as who breaks things sees it: its process, what it says, its deaths."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOG_LINES = 200_000
"""Kept of one run; what is said after is only counted."""


@dataclass(slots=True)
class Bots:
    """One bot after the other."""

    pid: int = 0
    """Of the one that lives; 0 while none does."""
    born: int = 0
    ends: list[int] = field(default_factory=list)
    """Exit codes of those that ended by themselves."""
    log: list[dict[str, Any]] = field(default_factory=list)
    words: str = ""
    """What was said outside the log: the last line of a start that failed, or a traceback."""

    def kill(self) -> bool:
        """Kill the one that lives; False when none does."""
        pid, self.pid = self.pid, 0
        if not pid:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    def said(self, event: str) -> int:
        """Return how often the log says ``event``."""
        return sum(event in str(line.get("event")) for line in self.log)

    def tracebacks(self) -> int:
        """Return how many tracebacks were shown, in the log or beside it."""
        return self.words.count("Traceback") + sum("Traceback" in str(line.get("exception")) for line in self.log)

    def faults(self) -> Counter[str]:
        """Return how each traceback of the log ends, with its number."""
        told = (str(line.get("exception")) for line in self.log)
        return Counter(one.strip().splitlines()[-1] for one in told if "Traceback" in one)

    async def births(self, stream: asyncio.StreamReader) -> None:
        """Follow the nursery until it ends."""
        async for line in stream:
            what, _, number = line.decode().partition(" ")
            if what == "born":
                self.pid = int(number)
                self.born += 1
            else:
                self.pid = 0
                if not os.WIFSIGNALED(int(number)):
                    self.ends.append(os.waitstatus_to_exitcode(int(number)))

    async def listen(self, stream: asyncio.StreamReader) -> None:
        """Follow what the bots say until the nursery ends."""
        async for line in stream:
            try:
                said = json.loads(line)
            except ValueError:
                self.words += line.decode(errors="replace")
                continue
            if len(self.log) < LOG_LINES:
                self.log.append(said)


@contextlib.asynccontextmanager
async def bots(settings: dict[str, str], before: tuple[str, ...] = (), *, scripted: bool) -> AsyncIterator[Bots]:
    """Keep a bot running with these settings; ``before`` is a command that the nursery is run by."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_")}
    environment |= {"PYTHONPATH": str(ROOT), "WENCE_LOG_FORMAT": "json"} | settings
    arguments = (sys.executable, "-m", "scripts.chaos.nursery", *(("--scripted",) if scripted else ()))
    process = await asyncio.create_subprocess_exec(
        *before,
        *arguments,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**24,
        start_new_session=True,
    )
    if process.stdout is None or process.stderr is None:
        raise RuntimeError("no pipes")
    found = Bots()
    following = [
        asyncio.create_task(found.births(process.stdout)),
        asyncio.create_task(found.listen(process.stderr)),
    ]
    try:
        yield found
    finally:
        # With the bot that it has forked.
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        await asyncio.gather(*following)
