"""The bot as a process of its own, to be stopped and killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

STATUS_TOKEN = "t" * 32
STATUS_HEADERS = {"Authorization": f"Bearer {STATUS_TOKEN}"}
"""What who reads /metrics and /readyz must send."""
ROOT = Path(__file__).resolve().parent.parent


@dataclass(slots=True)
class BotProcess:
    """One run of the bot."""

    folder: Path
    settings: dict[str, str]
    module: str = "tests.scripted_bot"
    arguments: tuple[str, ...] = ()
    log: list[dict[str, Any]] = field(default_factory=list)
    """What it has logged, line by line."""
    words: str = ""
    """What it has printed to standard error besides."""
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> BotProcess:  # noqa: PYI034 - a dataclass of this very kind
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_")}
        environment |= {"PYTHONPATH": str(ROOT), "WENCE_DATA_DIR": str(self.folder), "WENCE_HTTP_PORT": "0"}
        environment["WENCE_STATUS_TOKEN"] = STATUS_TOKEN
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self.module, *self.arguments),
            cwd=self.folder,
            env=environment | self.settings,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self.process.returncode is None:
            await self.end(signal.SIGKILL)

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The process, once it runs."""
        if self._process is None:
            raise RuntimeError("not started")
        return self._process

    async def _read(self) -> None:
        stream = self.process.stderr
        if stream is None:
            return
        async for line in stream:
            try:
                self.log.append(json.loads(line))
            except ValueError:
                self.words += line.decode()

    async def end(self, sig: signal.Signals) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        self.process.send_signal(sig)
        return await self.wait()

    async def wait(self) -> int:
        """Wait for the end; returns the exit code."""
        async with asyncio.timeout(40):
            code = await self.process.wait()
            if self._reading is not None:
                await self._reading
        return code

    async def logged(self, event: str, seconds: float = 40) -> dict[str, Any]:
        """Wait for a line of the log; returns it."""
        async with asyncio.timeout(seconds):
            while True:
                for line in self.log:
                    if event in str(line.get("event")):
                        return line
                await asyncio.sleep(0.01)

    async def logged_times(self, event: str, times: int) -> None:
        """Wait until a line stands in the log so many times."""
        async with asyncio.timeout(40):
            while sum(line.get("event") == event for line in self.log) < times:
                await asyncio.sleep(0.01)

    async def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{(await self.logged('listening'))['port']}"

    async def health(self) -> dict[str, Any]:
        """Return what /healthz says."""
        url = await self.url()
        async with httpx.AsyncClient() as client:
            answer: dict[str, Any] = (await client.get(f"{url}/healthz")).json()
        return answer
