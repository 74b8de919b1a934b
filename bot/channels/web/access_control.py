"""Who may read the page, by the settings: everyone, holders of a signed link, or members in WeCom."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.links import read_link
from bot.channels.web.responses import notice, redirect
from bot.channels.web.signer import Signer
from bot.channels.web.visitors import LINK, MEMBER, Cookies, Leaving, Visitor
from bot.channels.wecom.app.login import CLIENT, Login
from bot.channels.wecom.errors import AwayError, WeComRefusedError
from bot.conversation.chat_access import AskingPace, ChatAccess
from bot.settings import PageAccess
from bot.store.revocations import Revocations

LOGIN_PATH = "/login/wecom"
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_BACK_CHARACTERS = 1_500
_ONE_PERSON = 64
"""Bits of the network that one household or office has (RFC 6177)."""
_CODE_BYTES = 512
"""96442: the longest code."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PageRules:
    """Who may come in."""

    ways: Collection[PageAccess]
    local: bool = False
    """Only under this machine's own names: no other site's page can lead a browser here under a name of its own."""


class AccessControl:
    """Checks each request, and signs in readers who return from WeCom or follow a signed link."""

    def __init__(
        self,
        rules: PageRules,
        signer: Signer,
        cookies: Cookies,
        chat_access: ChatAccess,
        revocations: Revocations,
        login: Login | None,
        home: str,
    ) -> None:
        """Send browsers to WeCom with ``home`` as the page's own address, where ``login`` is there."""
        self._rules = rules
        self._signer = signer
        self._cookies = cookies
        self._chat_access = chat_access
        self._revocations = revocations
        self._login = login
        self._home = home

    async def stop(self, request: Request) -> Response | None:
        """Return the response that refuses this request; None if the reader may see the page."""
        if self._rules.local and request.url.hostname not in _LOCAL_NAMES:
            return notice("wrong_host", 421)
        try:
            reader = await self._reader(request)
        except (WeComRefusedError, AwayError) as error:
            _log.warning("web.member", reason=str(error))
            return notice("login_away", 503, login="/")
        if not reader:
            return self._turn_away(request)
        if self._chat_access.pace(reader) is not AskingPace.FINE:
            return notice("too_often", 429, Retry_After="60")
        request.state.reader = reader
        return None

    async def _reader(self, request: Request) -> str:
        """Return under which name somebody's questions are counted; empty for who may not read."""
        visitor = self._cookies.visitor(request)
        if visitor and not await self._is_good(visitor):
            visitor = None
        if visitor and visitor.way == LINK and PageAccess.LINK in self._rules.ways:
            # One link may be shared by an office, so each of its browsers is counted by its address.
            return f"{visitor.name} {address_of(request)}"
        if visitor and visitor.way == MEMBER and self._login and await self._login.admits(visitor.name):
            return visitor.name
        return address_of(request) if PageAccess.OPEN in self._rules.ways else ""

    async def _is_good(self, visitor: Visitor) -> bool:
        """Whether nobody has taken back since with what somebody has come in."""
        return visitor.since >= await self._revocations.last((visitor.person,))

    def _turn_away(self, request: Request) -> Response:
        if self._login is None:
            return notice("by_link", 403)
        if self._cookies.visitor(request):
            return notice("not_allowed", 403)
        if CLIENT not in request.headers.get("user-agent", "").lower():
            return notice("by_link_or_wecom" if PageAccess.LINK in self._rules.ways else "by_wecom", 403)
        leaving = Leaving(secrets.token_hex(16), _path(request))
        response = redirect(self._login.url(f"{self._home}{LOGIN_PATH}", leaving.nonce))
        self._cookies.leave(response, leaving)
        return response

    async def enter(self, request: Request) -> Response:
        """Let in who has a signed link."""
        found = read_link(self._signer, request.query_params.get("k", ""))
        if found is None or PageAccess.LINK not in self._rules.ways or not await self._is_good(found):
            return notice("bad_link", 403)
        response = redirect("/")
        self._cookies.let_in(response, found)
        return response

    async def come_back(self, request: Request) -> Response:
        """Let in the member whom WeCom has sent back with a code."""
        leaving = self._cookies.leaving(request)
        query = request.query_params
        code = query.get("code", "")
        brought = hmac.compare_digest(query.get("state", "").encode(), leaving.nonce.encode()) if leaving else False
        if self._login is None or leaving is None or not brought or not 0 < len(code.encode()) <= _CODE_BYTES:
            return notice("login_failed", 403, login="/")
        try:
            user = await self._login.user(code)
        except (WeComRefusedError, AwayError) as error:
            _log.warning("web.login", reason=str(error))
            return notice("login_away", 503, login="/")
        if not user:
            return notice("login_failed", 403, login="/")
        response = redirect(leaving.back)
        self._cookies.let_in(response, Visitor(MEMBER, user, float("inf"), time.time()))
        self._cookies.forget_leaving(response)
        return response

    async def close(self) -> None:
        """End the connections to WeCom."""
        if self._login is not None:
            await self._login.close()


def reader_of(request: Request) -> str:
    """Return under which name the questions of somebody who was let in are counted."""
    return str(request.state.reader)


def address_of(request: Request) -> str:
    """Return the address of who asks; of IPv6 the network, since one person has a whole one."""
    host = request.client.host if request.client else "?"
    try:
        found = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((found, _ONE_PERSON), strict=False)) if found.version == 6 else host


def _path(request: Request) -> str:
    """Return the path that was asked for, to come back to; the first page where it is too long to be kept."""
    query = request.url.query
    path = quote(request.scope["path"]) + (f"?{query}" if query else "")
    return path if len(path) <= _BACK_CHARACTERS else "/"
