"""Signed links that let whoever has one in until a day; ``python -m bot link`` makes one."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.channels.web.signer import Signer, make_signer
from bot.channels.web.visitors import DAY, LINK, Visitor
from bot.messages import say
from bot.settings import PageAccess, SettingError, Settings

PATH = "/enter"
_USE = "link"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was made."""

    url: str
    name: str
    """Under which it can be taken back."""


def make_link(settings: Settings, days: int) -> Link:
    """Return a link that is good for so many days; SettingError where links let nobody in."""
    if PageAccess.LINK not in settings.web_access:
        raise SettingError.of("web_access", say("web.no_links"))
    name, now = secrets.token_hex(4), time.time()
    sealed = make_signer(settings).sign(_USE, [name, int(now) + days * DAY, now])
    return Link(f"{home_url(settings)}{PATH}?k={sealed}", Visitor(LINK, name, now, now).person)


def read_link(signer: Signer, sealed: str) -> Visitor | None:
    """Return as whom a link lets in; None when it is not ours or over."""
    match signer.verify(_USE, sealed):
        case [str(name), int() as until, int() | float() as since] if until > time.time():
            return Visitor(LINK, name, float(until), float(since))
        case [str(name), int() as until] if until > time.time():
            # As they were made before it was noted when.
            return Visitor(LINK, name, float(until), 0.0)
    return None


def home_url(settings: Settings) -> str:
    """Return where the page is found from outside, without a slash at the end."""
    if settings.web_url:
        return settings.web_url.rstrip("/")
    host = f"[{settings.http_host}]" if ":" in settings.http_host else settings.http_host
    return f"http://{host}:{settings.http_port}"


def is_https(settings: Settings) -> bool:
    """Whether browsers reach the page over HTTPS."""
    return urlsplit(settings.web_url).scheme == "https"
