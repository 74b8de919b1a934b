"""The operations over HTTP: JSON in and out, a token in the header, nothing for pages of other sites (no CORS)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

import msgspec
import structlog
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.api.guard import Guard, RefusalError, check
from bot.api.openapi import document
from bot.api.operations import OPERATIONS, NotFoundError, Operation, convert
from bot.api.values import Problem
from bot.conversation.asking import Asker
from bot.isolation import isolated
from bot.store.text import clean_all

BODY_BYTES = 64 * 1024
WAIT_SECONDS = 20.0
"""What takes longer, because the index is still being built, is to be asked again."""
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_log = structlog.get_logger(__name__)


class _Anything(StringConvertor):
    """The rest of an address, whatever characters stand in it; the library's own ends at a line's end."""

    regex = r"[\s\S]*"


register_url_convertor("anything", _Anything())


def make_routes(asker: Asker, guard: Guard, wait: float = WAIT_SECONDS) -> Sequence[Route]:
    """Return the addresses; one that is none below ``/api`` is answered as JSON too."""
    paths = (f"/api{one.path.replace('{id}', '{id:anything}')}" for one in OPERATIONS)
    own = [Route(path, _Door(one, asker, guard, wait)) for path, one in zip(paths, OPERATIONS, strict=True)]
    return [Route("/api/openapi.json", _describe), *own, Route("/api/{rest:anything}", _Nowhere())]


async def _describe(_request: Request) -> Response:
    return _json(document())


class _Door:
    """One operation as an address."""

    def __init__(self, operation: Operation, asker: Asker, guard: Guard, wait: float) -> None:
        self._operation = operation
        self._asker = asker
        self._guard = guard
        self._wait = wait

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        with structlog.contextvars.bound_contextvars(request=secrets.token_hex(4), channel="api"):
            await (await self._outcome(request))(scope, receive, send)

    async def _outcome(self, request: Request) -> Response:
        outcome = await isolated(self._carry_out(request))
        match outcome:
            case Response():
                return outcome
            case RefusalError():
                return refused(outcome)
            case NotFoundError():
                return _json(Problem("unknown", str(outcome)), 404)
            case TimeoutError():
                return refused(RefusalError(503, "not_ready"))
            case ClientDisconnect():
                return Response(status_code=400)
        _log.error("a request could not be answered", exc_info=outcome)
        return refused(RefusalError(500, "failed"))

    async def _carry_out(self, request: Request) -> Response:
        method = "POST" if self._operation.by_body else "GET"
        if request.method != method:
            raise RefusalError(405, "wrong_method", method=method)
        holder = await self._guard.holder(request.headers.get("authorization", ""))
        check(holder, self._operation.scope)
        given = await self._given(request)
        run = self._operation.run(self._asker, given, holder.number)
        return _json(await asyncio.wait_for(run, self._wait))

    async def _given(self, request: Request) -> object:
        try:
            if self._operation.by_body:
                return convert(self._operation, clean_all(msgspec.json.decode(await _body(request))))
            said = {**request.query_params, **request.path_params}
            return convert(self._operation, clean_all(said), strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise RefusalError(400, "bad_request", reason=error) from None


class _Nowhere:
    """What stands at every other address."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say that there is nothing."""
        await refused(RefusalError(404, "no_address"))(scope, receive, send)


async def _body(request: Request) -> bytes:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > BODY_BYTES:
            raise RefusalError(413, "too_large", most=BODY_BYTES)
    return bytes(content)


def refused(error: RefusalError) -> Response:
    """Return a refusal as JSON."""
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}, 503: {"Retry-After": "5"}}
    response = _json(Problem(error.error, str(error)), error.status)
    response.headers.update(headers.get(error.status, {}))
    return response


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, _HEADERS, "application/json")
