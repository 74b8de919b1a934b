"""The webhook: Telegram is answered 200 only once the update is in the inbox; else it sends it again."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.base import Accept
from bot.channels.telegram.updates import pack

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
"""https://core.telegram.org/bots/api#setwebhook"""
LARGEST_BODY = 1 << 20
"""Bytes; an update is a few thousand."""
DEFAULT_PATH = "/telegram"

log = structlog.get_logger()


def address(url: str) -> str:
    """Return the webhook's whole URL: the public one as it is set, with a path of its own where it has none."""
    return url if urlsplit(url).path.strip("/") else url.rstrip("/") + DEFAULT_PATH


def secret_for(token: str, chosen: str) -> str:
    """Return the secret Telegram must show; by default one that every replica derives from the token."""
    return chosen or hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


def make_route(url: str, secret: str, accept: Accept) -> Route:
    """Return the route that takes updates at the path of ``url``."""

    async def take(request: Request) -> Response:
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), secret.encode()):
            log.warning("webhook called without the secret")
            return Response(status_code=403)
        body = await _read(request)
        update = pack(body, late=True)
        if update is None:
            log.warning("webhook called with something else", bytes=len(body))
            return Response(status_code=413 if len(body) == LARGEST_BODY else 400)
        # Also what can't be read: refused, it would come again for ever and keep everything else waiting.
        await accept([update])
        return Response(status_code=200)

    return Route(urlsplit(address(url)).path, take, methods=["POST"])


async def _read(request: Request) -> bytes:
    """Return the body, of a longer one its beginning: its number stands there."""
    body = bytearray()
    async for piece in request.stream():
        body += piece[: LARGEST_BODY - len(body)]
    return bytes(body)
