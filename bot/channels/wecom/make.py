"""Makes WeCom's channels from the settings; SettingError names what is missing or wrong."""

from __future__ import annotations

import re

from pydantic import SecretStr

from bot.channels.base import Channel
from bot.channels.context import ChannelContext, Unset
from bot.channels.wecom.access import make_access
from bot.channels.wecom.aibot.channel import AibotChannel
from bot.channels.wecom.aibot.client import AibotClient
from bot.channels.wecom.app.api import PAUSES, AppApi, AppMarkup
from bot.channels.wecom.app.channel import AppChannel
from bot.channels.wecom.app.crypto import CallbackCrypto
from bot.channels.wecom.app.departments import Departments
from bot.channels.wecom.app.login import Login
from bot.channels.wecom.app.token import AccessToken
from bot.channels.wecom.http import Http
from bot.channels.wecom.limits import AIBOT_URL
from bot.channels.wecom.robot import GroupRobot, read_key
from bot.channels.wecom.robot_channel import RobotChannel
from bot.conversation.chat_access import CODE_CHARACTERS, is_guessable
from bot.messages import say
from bot.settings import SettingError, Settings, variable

_NAMED = re.compile(r"([^=/?&]+)=(.+)")
"""A robot's name and its address."""
_APP_FIELDS = ("wecom_corp_id", "wecom_app_agent_id", "wecom_app_secret", "wecom_app_token", "wecom_app_aes_key")


def make_aibot(context: ChannelContext) -> Channel | Unset:
    """Make the AI bot's channel."""
    settings = context.settings
    if not settings.wecom_bot_id:
        return Unset(AibotChannel.name, variable("wecom_bot_id"))
    _check_code(settings)
    return AibotChannel(context, make_aibot_client(settings), _make_departments(settings))


def make_aibot_client(settings: Settings) -> AibotClient:
    """Make what speaks for the AI bot."""
    _require(settings, "wecom_bot_secret")
    return AibotClient(
        settings.wecom_bot_id,
        settings.wecom_bot_secret.get_secret_value(),
        url=settings.wecom_bot_url or AIBOT_URL,
        proxy=settings.wecom_proxy.get_secret_value(),
        bot_name=settings.wecom_bot_name,
    )


def make_app(context: ChannelContext) -> Channel | Unset:
    """Make the self-built app's channel."""
    settings = context.settings
    if not settings.wecom_app_token.get_secret_value():
        return Unset(AppChannel.name, variable("wecom_app_token"))
    _require(settings, *_APP_FIELDS)
    _check_code(settings)
    try:
        crypto = CallbackCrypto(
            settings.wecom_app_token.get_secret_value(),
            settings.wecom_app_aes_key.get_secret_value(),
            settings.wecom_corp_id,
        )
    except ValueError:
        raise _wrong("wecom_app_aes_key", say("wecom.bad_aes_key")) from None
    http = _make_http(settings)
    token = _make_token(settings, http)
    api = AppApi(http, token, settings.wecom_app_agent_id)
    return AppChannel(context, crypto, token, api, AppMarkup(settings.wecom_app_markup), _make_departments(settings))


def make_robot(context: ChannelContext) -> Channel | Unset:
    """Make the group robot's channel."""
    settings = context.settings
    if not settings.wecom_robot_url.get_secret_value():
        return Unset(RobotChannel.name, variable("wecom_robot_url"))
    robots = make_robots(settings)
    return RobotChannel(next(iter(robots.values())), robots)


def make_robots(settings: Settings) -> dict[str, GroupRobot]:
    """Make the group robots, by name."""
    robots = {}
    for word in settings.wecom_robot_url.get_secret_value().split():
        match = _NAMED.fullmatch(word)
        name, key = match.groups() if match else ("", word)
        try:
            robots[name] = GroupRobot(_make_http(settings), read_key(key))
        except ValueError:
            raise _wrong("wecom_robot_url", say("wecom.bad_robot_url")) from None
    return robots


def make_login(context: ChannelContext) -> Login:
    """Make what tells a web page which member is reading it."""
    settings = context.settings
    # Nobody waits at a page for a second try of a call.
    api = make_api(settings, pauses=())
    departments = _make_departments(settings)
    access = make_access(context, AppChannel.name, departments)
    return Login(api, access, departments, settings.wecom_corp_id, settings.wecom_app_agent_id)


def make_api(settings: Settings, pauses: tuple[float, ...] = PAUSES) -> AppApi:
    """Make the app's API alone; ``pauses`` are the seconds before each further try."""
    _require(settings, "wecom_corp_id", "wecom_app_agent_id", "wecom_app_secret")
    http = _make_http(settings)
    return AppApi(http, _make_token(settings, http), settings.wecom_app_agent_id, pauses)


def make_app_token(settings: Settings) -> AccessToken:
    """Make what fetches the app's access token."""
    _require(settings, "wecom_corp_id", "wecom_app_secret")
    return _make_token(settings, _make_http(settings))


def _make_departments(settings: Settings) -> Departments | None:
    if not settings.wecom_allowed_departments:
        return None
    return Departments(make_api(settings), settings.wecom_allowed_departments)


def _make_http(settings: Settings) -> Http:
    return Http(settings.wecom_api_url, settings.wecom_proxy.get_secret_value())


def _make_token(settings: Settings, http: Http) -> AccessToken:
    return AccessToken(http, settings.wecom_corp_id, settings.wecom_app_secret.get_secret_value())


def _check_code(settings: Settings) -> None:
    if is_guessable(settings.wecom_invitation_code.get_secret_value()):
        raise _wrong("wecom_invitation_code", say("chat.short_code", count=CODE_CHARACTERS))


def _require(settings: Settings, *fields: str) -> None:
    for field in fields:
        value = getattr(settings, field)
        if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
            raise _wrong(field, say("wecom.missing"))


def _wrong(field: str, reason: str) -> SettingError:
    return SettingError.of(field, reason)
