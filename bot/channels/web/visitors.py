"""Who is at the other end: a session in a cookie, got from a signed link or from WeCom."""

from __future__ import annotations

import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.limits import COOKIE_BYTES, LOGIN_SECONDS, SESSION_DAYS
from bot.channels.web.signer import Signer
from bot.query.chat_state import ChatState

LINK, MEMBER = "link", "member"
"""How a visitor came in: by a signed link, or as a member of the corporation in WeCom."""
_SESSION, _TALK, _LOGIN = "session", "talk", "login"
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has come in."""

    way: str
    name: str
    """The member's userid, or the link's id."""
    until: float
    """Unix seconds."""
    since: float
    """When that with which this browser came in was given out, in Unix seconds."""

    @property
    def person(self) -> str:
        """Under which name this can be taken back."""
        return f"{self.way}:{self.name}"


@dataclass(frozen=True, slots=True)
class Leaving:
    """A browser on its way to WeCom's page and back."""

    nonce: str
    back: str
    """The path that was asked for."""


class Cookies:
    """Reads and writes what a browser keeps; every cookie is sealed and out of scripts' reach."""

    def __init__(self, signer: Signer, *, https: bool) -> None:
        """With ``https`` the cookies never travel in the clear, and no other host can set them."""
        self._signer = signer
        self._https = https

    def visitor(self, request: Request) -> Visitor | None:
        """Return who has come in before, None when that is over."""
        match self._get(request, _SESSION):
            case [str(way), str(name), int() | float() as until, int() | float() as since] if until > time.time():
                return Visitor(way, name, until, since)
            case [str(way), str(name), int() | float() as until] if until > time.time():
                # As they were given out before it was noted when.
                return Visitor(way, name, until, 0.0)
        return None

    def let_in(self, response: Response, visitor: Visitor) -> None:
        """Remember a visitor, for as long as a session lasts and no longer than he may come."""
        end = min(time.time() + SESSION_DAYS * DAY, visitor.until)
        self._set(response, _SESSION, [visitor.way, visitor.name, end, visitor.since], int(end - time.time()))

    def talk(self, request: Request) -> ChatState:
        """Return the state of this browser's conversation."""
        match self._get(request, _TALK):
            case [str(text)]:
                return ChatState.from_json(text)
        return ChatState()

    def keep_talk(self, response: Response, state: ChatState) -> None:
        """Keep the state until the browser is closed."""
        self._set(response, _TALK, [state.to_json()], None)

    def leaving(self, request: Request) -> Leaving | None:
        """Return what was noted when this browser left for WeCom's page."""
        match self._get(request, _LOGIN):
            case [str(nonce), str(back), int() | float() as until] if until > time.time():
                return Leaving(nonce, back)
        return None

    def leave(self, response: Response, leaving: Leaving) -> None:
        """Note what a browser must bring back from WeCom's page."""
        self._set(response, _LOGIN, [leaving.nonce, leaving.back, time.time() + LOGIN_SECONDS], LOGIN_SECONDS)

    def forget_leaving(self, response: Response) -> None:
        """Forget it: it is good for one return."""
        response.delete_cookie(self._name(_LOGIN), secure=self._https, httponly=True, samesite="lax")

    def _name(self, use: str) -> str:
        # Browsers take a cookie of this name only over HTTPS, for this host and the whole of it.
        return f"__Host-wence-{use}" if self._https else f"wence-{use}"

    def _get(self, request: Request, use: str) -> list[object] | None:
        return self._signer.verify(use, request.cookies.get(self._name(use), ""))

    def _set(self, response: Response, use: str, value: list[object], seconds: int | None) -> None:
        sealed = self._signer.sign(use, value)
        if len(sealed) <= COOKIE_BYTES:
            # Lax, not strict: a link tapped in a chat comes from another place and must find its reader let in.
            response.set_cookie(
                self._name(use), sealed, max_age=seconds, secure=self._https, httponly=True, samesite="lax"
            )
