"""The smallest channel there can be: ``POST /echo`` with ``{"id", "chat", "text"}`` has the text said back.

It shows what a new channel must bring, and the tests drive the common ground with it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.base import Accept, Receiver
from bot.store.database import Store
from bot.store.inbox import Inbox, InboxRow, Update


class EchoChannel(Receiver):
    """Says back what it is told; ``said`` holds (chat, text) in the order of answering."""

    name = "echo"

    def __init__(self, store: Store) -> None:
        """Keep updates in ``store``."""
        self._store = store
        self._inbox = Inbox(store, self.name)
        self.said: list[tuple[str, str]] = []

    async def open(self) -> None:
        """Connect to nothing."""

    async def receive(self, accept: Accept) -> None:
        """Wait: updates come by HTTP."""
        await asyncio.Event().wait()

    async def handle(self, row: InboxRow) -> None:
        """Say it back."""
        self.said.append((row.conversation, json.loads(row.payload)["text"]))
        async with self._store.begin() as tx:
            await self._inbox.done(row.key, tx)

    async def apologise(self, row: InboxRow) -> None:
        """Say sorry."""
        self.said.append((row.conversation, "sorry"))

    async def close(self) -> None:
        """Disconnect from nothing."""

    def callbacks(self, accept: Accept) -> Sequence[BaseRoute]:
        """Return the one address that takes messages."""

        async def take(request: Request) -> Response:
            message = await request.json()
            await accept([Update(str(message["id"]), message["chat"], json.dumps(message))])
            return Response(status_code=204)

        return [Route("/echo", take, methods=["POST"])]
