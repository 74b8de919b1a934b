"""The fake Bot API over HTTP, and its webhooks."""

from __future__ import annotations

import asyncio
import json
import math
import time
from typing import Any, Self
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.serving.web import listen, make_server
from tests.fake_telegram.methods import METHODS, Method, RefusalError, read_params, read_parts
from tests.fake_telegram.world import Call, Fault, World

_TRAVEL_SECONDS = 0.3


class FakeTelegram:
    """One fake platform at ``url``; use as an asynchronous context manager."""

    def __init__(self, world: World | None = None, port: int = 0) -> None:
        """Serve ``world`` on loopback; port 0 takes a free one."""
        self.world = world or World()
        self._socket = listen("127.0.0.1", port)
        self._server = make_server(self._app())
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def base_url(self) -> str:
        """What ``WENCE_TELEGRAM_BASE_URL`` must be."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/bot"

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(self._server.serve(sockets=[self._socket])),
            asyncio.create_task(self._deliver()),
        ]
        while not self._server.started:
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(self, *_error: object) -> None:
        serving, delivering = self._tasks
        delivering.cancel()
        self._server.should_exit = True
        self.world.polling += 1
        await self.world.tell_all()
        await asyncio.gather(serving, delivering, return_exceptions=True)

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/documents/{number}", self._file),
            ]
        )

    async def _call(self, request: Request) -> Response:
        token, name = request.path_params["token"], request.path_params["method"]
        if token != self.world.token:
            return _refuse(RefusalError("Unauthorized", 401))
        body = await request.body()
        kind = request.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            values, files = read_parts(body, kind)
            params = read_params(b"", values) | files
        else:
            params = read_params(body, [*request.query_params.items(), *parse_qsl(body.decode("utf-8", "replace"))])
        now = time.monotonic()
        self.world.calls.append(Call(name, params, now))
        await self.world.tell_all()
        if name != "getUpdates" and (left := self._closed_for(params.get("chat_id"), now)):
            self.world.violations.append(name)
            return _refuse(RefusalError(f"Too Many Requests: retry after {left}", 429, retry_after=left))
        return await self._answer(name, params)

    async def _file(self, request: Request) -> Response:
        """Serve a file that somebody has sent."""
        content = self.world.files.get(request.path_params["number"])
        if content is None or request.path_params["token"] != self.world.token:
            return Response(status_code=404)
        return Response(content)

    async def _answer(self, name: str, params: dict[str, Any]) -> Response:
        waiting = self.world.faults.get(name)
        fault = waiting.pop(0) if waiting else None
        if fault is not None and not fault.after:
            return self._fail(fault, params)
        method: Method = METHODS.get(name, _unknown)
        try:
            result = await method(self.world, params)
        except RefusalError as refusal:
            return _refuse(refusal)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.code != 200:
                return self._fail(fault, params)
        return Response(write({"ok": True, "result": result}, self.world.raw), media_type="application/json")

    def _closed_for(self, chat: object, now: float) -> int:
        """Return for how many seconds a 429 still holds in a chat."""
        spans = [self.world.closed[key] for key in (None, str(chat)) if key in self.world.closed]
        return max((math.ceil(until - now) for since, until in spans if since < now < until), default=0)

    def _fail(self, fault: Fault, params: dict[str, Any]) -> Response:
        if fault.code == 0:
            return _Dropped()
        if fault.code == 429:
            now = time.monotonic()
            # What is under way while the 429 travels can't know of it.
            what = None if fault.everywhere else str(params.get("chat_id"))
            self.world.closed[what] = (now + _TRAVEL_SECONDS, now + fault.retry_after)
            description = f"Too Many Requests: retry after {fault.retry_after}"
            return _refuse(RefusalError(description, 429, retry_after=fault.retry_after))
        return _refuse(RefusalError(fault.description or "Bad Gateway", fault.code))

    async def _deliver(self) -> None:
        """Post updates to the webhook, each until it is taken, as Telegram does."""
        async with httpx.AsyncClient() as client:
            while True:
                async with self.world.changed:
                    await self.world.changed.wait_for(lambda: bool(self.world.webhook and self.world.updates))
                update = self.world.updates[0]
                if await _post(client, self.world.webhook, write(update, self.world.raw)):
                    self.world.updates.remove(update)
                    await self.world.tell_all()
                else:
                    await asyncio.sleep(0.05)


async def _unknown(_world: World, _params: dict[str, Any]) -> None:
    raise RefusalError("Not Found: method not found", 404)


async def _post(client: httpx.AsyncClient, webhook: dict[str, Any], update: bytes) -> bool:
    headers = {"X-Telegram-Bot-Api-Secret-Token": webhook["secret"]} if webhook["secret"] else {}
    headers["Content-Type"] = "application/json"
    try:
        return (await client.post(webhook["url"], content=update, headers=headers)).status_code == 200
    except httpx.HTTPError:
        return False


def write(value: dict[str, Any], raw: dict[str, str]) -> bytes:
    """Return JSON in which each text that is a key of ``raw`` stands as what it is there, in no JSON of Python's."""
    text = json.dumps(value)
    for name, words in raw.items():
        text = text.replace(json.dumps(name), words)
    return text.encode()


def _refuse(refusal: RefusalError) -> JSONResponse:
    answer: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return JSONResponse(answer, status_code=refusal.code)


class _Dropped(Response):
    """Promises a body and ends the connection before it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
