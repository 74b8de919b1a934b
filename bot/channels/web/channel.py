"""The page as a channel: requests are answered as they come, so nothing goes through the inbox."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.answering.addressed import AddressKind
from bot.answering.listings import LISTED
from bot.channels.base import Channel
from bot.channels.web.access_control import LOGIN_PATH, AccessControl
from bot.channels.web.browse import Browse
from bot.channels.web.downloads import FILE_PATH
from bot.channels.web.limits import WAIT_SECONDS
from bot.channels.web.links import PATH as LINK_PATH
from bot.channels.web.pages import CHANNEL, Pages
from bot.channels.web.responses import missing_page, not_ready, notice, serve_asset
from bot.channels.web.talk import PICTURE_PATH
from bot.isolation import isolated
from bot.messages import say

Endpoint = Callable[[Request], Awaitable[Response]]

_log = structlog.get_logger(__name__)


class WebChannel(Channel):
    """The page for browsers."""

    name = CHANNEL

    def __init__(
        self, pages: Pages, browse: Browse, access: AccessControl, home: str, wait: float = WAIT_SECONDS
    ) -> None:
        """Show ``pages``, and what is browsed, at ``home`` to whom ``access`` lets in.

        Who has waited ``wait`` seconds is asked to wait on.
        """
        self._pages = pages
        self._browse = browse
        self._access = access
        self._home = home
        self._wait = wait

    async def open(self) -> None:
        """Connect to nothing; say where the page is."""
        _log.info(say("web.here", url=f"{self._home}/"))

    async def close(self) -> None:
        """End the connections to WeCom."""
        await self._access.close()

    def routes(self) -> Sequence[BaseRoute]:
        """Return the addresses of the pages; the last of them takes what nobody else has."""
        addresses = [
            Route(f"/{kind.value}/{{name:path}}", self._safe(self._guarded(show)))
            for kind in AddressKind
            for show in (self._browse.at(kind) or self._pages.at(kind),)
        ]
        lists = [
            Route(f"/{kind.value}{end}", self._safe(self._guarded(self._browse.list_of(kind))))
            for kind in LISTED for end in ("", "/")
        ]  # fmt: skip
        return [
            Route("/", self._safe(self._guarded(self._pages.home))),
            *lists,
            *addresses,
            Route(PICTURE_PATH, self._safe(self._guarded(self._pages.picture))),
            Route(FILE_PATH, self._safe(self._guarded(self._pages.downloads.serve))),
            Route(LINK_PATH, self._safe(self._access.enter)),
            Route(LOGIN_PATH, self._safe(self._access.come_back)),
            Route("/assets/{name}", serve_asset),
            Route("/{path:path}", missing_page),
        ]

    def _guarded(self, show: Endpoint) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            return await self._access.stop(request) or await show(request)

        return endpoint

    def _safe(self, show: Endpoint) -> Endpoint:
        """Return ``show`` with a page in place of whatever it raises."""

        async def endpoint(request: Request) -> Response:
            number = secrets.token_hex(4)
            with structlog.contextvars.bound_contextvars(request=number, channel=self.name):
                outcome = await isolated(asyncio.wait_for(show(request), self._wait))
                if isinstance(outcome, Response):
                    return outcome
                if isinstance(outcome, TimeoutError):
                    return not_ready()
                _log.error("a page could not be shown", exc_info=outcome)
                away = isinstance(outcome, (SQLAlchemyError, OSError))
                return notice("sorry", 503 if away else 500, number=number)

        return endpoint
