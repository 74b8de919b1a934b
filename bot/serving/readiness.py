"""Whether this process can answer now, and what is missing: ``/readyz``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.channels.supervise import Condition, Supervisor
from bot.conversation.asking import Asker
from bot.store.database import Store

STORE_SECONDS = 3.0
"""For how long the database may take to answer."""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One configured channel."""

    name: str
    condition: Condition
    connected: bool

    @property
    def ready(self) -> bool:
        """Whether messages are answered; on standby another replica answers them."""
        return self.connected or self.condition is Condition.STANDBY


@dataclass(frozen=True, slots=True)
class ReadinessState:
    """What this process has at one moment."""

    index: bool
    model: bool
    """Loaded by the first question that needs it, so a process is ready without."""
    store: bool
    """In reach, and can be written."""
    channels: tuple[ChannelState, ...]

    def missing(self) -> list[str]:
        """Name what is not ready: ``index``, ``store``, ``channel:telegram`` …"""
        parts = [name for name, there in (("index", self.index), ("store", self.store)) if not there]
        return parts + [f"channel:{channel.name}" for channel in self.channels if not channel.ready]


class Readiness:
    """Looks at the parts of the running process."""

    def __init__(self, asker: Asker, store: Store, supervisors: Sequence[Supervisor]) -> None:
        self._asker = asker
        self._store = store
        self._supervisors = supervisors

    async def look(self) -> ReadinessState:
        """Return the state of now."""
        channels = [ChannelState(s.channel.name, s.condition, s.is_connected) for s in self._supervisors]
        return ReadinessState(
            self._asker.is_open, self._asker.model_loaded, await self._store_answers(), tuple(channels)
        )

    async def _store_answers(self) -> bool:
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._store.try_write()
        except (SQLAlchemyError, OSError):
            return False
        return True


def make_route(readiness: Readiness) -> Route:
    """Return the route: 200 when everything is ready, else 503 and what is not."""

    async def readyz(_request: Request) -> JSONResponse:
        state = await readiness.look()
        missing = state.missing()
        body = {
            "ready": not missing,
            "missing": missing,
            "index": "open" if state.index else "opening",
            "store": "reachable" if state.store else "away",
            "channels": {one.name: "connected" if one.connected else one.condition.value for one in state.channels},
        }
        return JSONResponse(body, status_code=503 if missing else 200)

    return Route("/readyz", readyz)
