"""The callback's address in the shared web app: verification, and members' messages and events (page 90238).

Everything that is not WeCom's, or not fresh, is refused with one status and one log line that does not say why.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.wecom.app.crypto import CallbackCrypto
from bot.channels.wecom.app.documents import AppMessage, read_envelope, read_message, write_envelope, write_text_answer
from bot.channels.wecom.errors import CallbackRefusedError, UnreadableError

PATH = "/wecom/callback"
_BODY_BYTES = 65_536
"""A text message of 2,048 bytes, encrypted, takes about 4,000."""
_FRESH = 300.0
"""Seconds that a callback's timestamp may be off."""

_log = structlog.get_logger(__name__)

Receive = Callable[[AppMessage, asyncio.Future[None]], Awaitable[str]]
"""Takes a message and returns the text of the passive answer, empty for none; an OSError has it sent again.

The future is done when the platform has hung up.
"""

SetAside = Callable[[str, str], Awaitable[None]]
"""Keeps a document that is WeCom's and can't be read, and why; an OSError has it sent again."""


class Callback:
    """One app's callback address."""

    def __init__(self, crypto: CallbackCrypto, receive: Receive, set_aside: SetAside) -> None:
        self._crypto = crypto
        self._receive = receive
        self._set_aside = set_aside
        self._nonces: dict[str, tuple[str, float]] = {}

    def route(self) -> Route:
        """Return the route for the shared web app."""
        return Route(PATH, self._answer, methods=["GET", "POST"])

    async def _answer(self, request: Request) -> Response:
        query = request.query_params
        try:
            _check_fresh(query.get("timestamp", ""))
            if request.method == "GET":
                return PlainTextResponse(_checked_echo(self._open(query, query.get("echostr", ""))))
            return await self._take(request, await _read_body(request))
        except (CallbackRefusedError, UnreadableError) as error:
            _log.warning("wecom.callback_refused", kind=type(error).__name__)
            return Response(status_code=403)
        except ClientDisconnect:
            return Response(status_code=400)

    async def _take(self, request: Request, body: bytes) -> Response:
        query = request.query_params
        document = self._open(query, read_envelope(body))
        self._check_nonce(query)
        gone = asyncio.create_task(_hung_up(request))
        try:
            message = read_message(document)
            content = await self._receive(message, gone)
        except UnreadableError as error:
            return await self._take_unread(document, str(error), query["nonce"])
        except OSError as error:
            return self._not_kept(error, query["nonce"])
        finally:
            gone.cancel()
        if not content:
            return Response()
        now = int(time.time())
        sealed = self._crypto.seal(write_text_answer(message, content, now), str(now), query["nonce"])
        return Response(write_envelope(sealed), media_type="application/xml")

    async def _take_unread(self, document: str, reason: str, nonce: str) -> Response:
        """Take what can't be read: refused, it would come three times more, and be read no better."""
        try:
            await self._set_aside(document, reason)
        except OSError as error:
            return self._not_kept(error, nonce)
        return Response()

    def _not_kept(self, error: OSError, nonce: str) -> Response:
        """Have the platform send it again: this nonce has not been used for anything."""
        self._nonces.pop(nonce, None)
        _log.warning("wecom.callback_not_kept", reason=type(error).__name__)
        return Response(status_code=503)

    def _open(self, query: Mapping[str, str], ciphertext: str) -> str:
        return self._crypto.open(
            query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", ""), ciphertext
        )

    def _check_nonce(self, query: Mapping[str, str]) -> None:
        """Refuse a nonce that another message has used; the same message once more is one of the platform's tries."""
        now = time.time()
        self._nonces = {nonce: used for nonce, used in self._nonces.items() if used[1] > now}
        signature, _ = self._nonces.setdefault(query["nonce"], (query["msg_signature"], now + 2 * _FRESH))
        if signature != query["msg_signature"]:
            raise CallbackRefusedError


def _checked_echo(text: str) -> str:
    """Return what a verification of the address is answered with: digits, so that no message is ever read out."""
    if not (text.isascii() and text.isdecimal()):
        raise CallbackRefusedError
    return text


def _check_fresh(timestamp: str) -> None:
    if not timestamp.isascii() or not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > _FRESH:
        raise CallbackRefusedError


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _read_body(request: Request) -> bytes:
    """Read what a message can be at most; a longer body is refused without being read to its end."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_BYTES:
            raise UnreadableError("too long")
    return bytes(body)
