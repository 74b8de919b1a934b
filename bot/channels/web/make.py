"""Makes the page from the settings; SettingError names what is missing."""

from __future__ import annotations

from collections.abc import Collection

from bot.channels.base import Channel
from bot.channels.ground import Ground, Unset
from bot.channels.web.browse import Browse
from bot.channels.web.channel import WebChannel
from bot.channels.web.door import Door, Rules
from bot.channels.web.frames import Frames
from bot.channels.web.links import home_url, is_https
from bot.channels.web.pages import Pages
from bot.channels.web.seal import make_seal
from bot.channels.web.visitors import Cookies
from bot.channels.wecom.make import make_login
from bot.conversation.gate import Gate
from bot.messages import say
from bot.settings import SettingError, Settings, Way, variable
from bot.store.chats import Chats
from bot.store.revocations import Revocations

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def make_web(ground: Ground) -> Channel | Unset:
    """Make the page for ``python -m bot run``: there is one once it is said who may open it."""
    ways = ground.settings.web_access
    return _make(ground, Rules(ways)) if ways else Unset(WebChannel.name, variable("web_access"))


def make_page(ground: Ground) -> Channel:
    """Make the page for ``python -m bot web``: with nothing set it is open, but only on this machine."""
    settings = ground.settings
    if not settings.web_access and settings.http_host not in _LOOPBACK:
        raise _wrong("web_access", say("web.say_who", host=settings.http_host))
    return _make(ground, Rules(settings.web_access) if settings.web_access else Rules({Way.OPEN}, local=True))


def _make(ground: Ground, rules: Rules) -> Channel:
    settings = ground.settings
    seal = make_seal(settings)
    cookies = Cookies(seal, https=is_https(settings))
    login = make_login(ground) if _uses_wecom(settings, rules.ways) else None
    gate = Gate(
        Chats(ground.store, WebChannel.name), users=(), groups=(), code="", per_minute=settings.questions_per_minute
    )
    door = Door(rules, seal, cookies, gate, Revocations(ground.store), login, home_url(settings))
    frames = Frames(ground.asker, seal, cookies, home_url(settings))
    return WebChannel(Pages(ground.asker, frames), Browse(ground.asker, frames), door, home_url(settings))


def _uses_wecom(settings: Settings, ways: Collection[Way]) -> bool:
    if Way.WECOM in ways and not settings.web_url:
        raise _wrong("web_url", say("web.url_missing"))
    return Way.WECOM in ways


def _wrong(field: str, reason: str) -> SettingError:
    return SettingError(say("run.bad_setting", name=variable(field), reason=reason))
