"""The MCP server behind one address: every request stands alone, so that any replica can take it."""

from __future__ import annotations

import asyncio

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from bot.api.guard import Guard, RefusalError
from bot.api.http import BODY_BYTES, refused
from bot.api.tools import HOLDER, make_server
from bot.conversation.asking import Asker
from bot.isolation import stop_tasks
from bot.store.scope import Holder

PATH = "/mcp"


class McpDoor:
    """An ASGI app that lets in holders of tokens."""

    def __init__(self, asker: Asker, guard: Guard) -> None:
        self._guard = guard
        self._manager = StreamableHTTPSessionManager(
            make_server(asker), json_response=True, stateless=True, max_request_body_size=BODY_BYTES
        )
        self._running: asyncio.Task[None] | None = None
        self._is_ready = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            scope[HOLDER] = await self._admitted(Request(scope, receive))
        except RefusalError as error:
            await refused(error)(scope, receive, send)
            return
        if self._running is None:
            # Its tasks must begin and end in one task, and not in that of a request.
            self._running = asyncio.create_task(self._run())
        await self._is_ready.wait()
        await self._manager.handle_request(scope, receive, send)

    async def _admitted(self, request: Request) -> Holder:
        if request.method != "POST":
            raise RefusalError(405, "wrong_method", method="POST")
        return await self._guard.holder(request.headers.get("authorization", ""))

    async def _run(self) -> None:
        async with self._manager.run():
            self._is_ready.set()
            await asyncio.Event().wait()

    async def close(self) -> None:
        """End what is still being answered."""
        if self._running is not None:
            await stop_tasks(self._running)
