"""Makes the page from the settings; SettingError names what is missing."""

from __future__ import annotations

from collections.abc import Collection

from bot.channels.base import Channel
from bot.channels.context import ChannelContext, Unset
from bot.channels.web.access_control import AccessControl, PageRules
from bot.channels.web.browse import Browse
from bot.channels.web.channel import WebChannel
from bot.channels.web.frames import Frames
from bot.channels.web.links import home_url, is_https
from bot.channels.web.pages import Pages
from bot.channels.web.signer import make_signer
from bot.channels.web.visitors import Cookies
from bot.channels.wecom.make import make_login
from bot.conversation.chat_access import ChatAccess
from bot.messages import say
from bot.settings import PageAccess, SettingError, Settings, variable
from bot.store.chats import Chats
from bot.store.revocations import Revocations

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def make_web(context: ChannelContext) -> Channel | Unset:
    """Make the page for ``python -m bot run``: there is one once it is said who may open it."""
    ways = context.settings.web_access
    return _make(context, PageRules(ways)) if ways else Unset(WebChannel.name, variable("web_access"))


def make_page(context: ChannelContext) -> Channel:
    """Make the page for ``python -m bot web``: with nothing set it is open, but only on this machine."""
    settings = context.settings
    if not settings.web_access and settings.http_host not in _LOOPBACK:
        raise _wrong("web_access", say("web.say_who", host=settings.http_host))
    return _make(
        context, PageRules(settings.web_access) if settings.web_access else PageRules({PageAccess.OPEN}, local=True)
    )


def _make(context: ChannelContext, rules: PageRules) -> Channel:
    settings = context.settings
    signer = make_signer(settings)
    cookies = Cookies(signer, https=is_https(settings))
    login = make_login(context) if _uses_wecom(settings, rules.ways) else None
    chat_access = ChatAccess(
        Chats(context.store, WebChannel.name), users=(), groups=(), code="", per_minute=settings.questions_per_minute
    )
    access = AccessControl(rules, signer, cookies, chat_access, Revocations(context.store), login, home_url(settings))
    frames = Frames(context.asker, signer, cookies, home_url(settings))
    return WebChannel(Pages(context.asker, frames), Browse(context.asker, frames), access, home_url(settings))


def _uses_wecom(settings: Settings, ways: Collection[PageAccess]) -> bool:
    if PageAccess.WECOM in ways and not settings.web_url:
        raise _wrong("web_url", say("web.url_missing"))
    return PageAccess.WECOM in ways


def _wrong(field: str, reason: str) -> SettingError:
    return SettingError.of(field, reason)
