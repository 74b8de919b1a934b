"""What the platforms say: tokens, webhook, and whether this machine's clock agrees with theirs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.telegram.webhook import address
from bot.channels.wecom.aibot.channel import CHANNEL as AIBOT
from bot.channels.wecom.errors import WeComError, WeComRefusedError
from bot.channels.wecom.limits import AIBOT_URL, API_URL
from bot.channels.wecom.make import make_aibot_client, make_app_token, make_robots
from bot.doctor.finding import DoctorFinding, broken, fine, look
from bot.settings import SettingError, Settings, variable
from bot.store.database import Store
from bot.store.leases import held

SECONDS = 8.0
"""For one request."""
SKEW, MUCH_SKEW = 30.0, 300.0
"""Seconds by which the clocks may differ; a minute and more makes signatures and times of messages wrong."""
TELEGRAM = "https://api.telegram.org/bot"
"""https://core.telegram.org/bots/api#making-requests"""
_FORBIDDEN = 403


async def check_telegram(settings: Settings) -> list[DoctorFinding]:
    """Log in, and with a webhook look whether Telegram and the world find the way here."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return []
    proxy = settings.telegram_proxy.get_secret_value() or None
    base = (settings.telegram_base_url or TELEGRAM) + token
    try:
        async with httpx.AsyncClient(timeout=SECONDS, proxy=proxy) as client:
            me = (await client.get(f"{base}/getMe")).json()
            hook = (await client.get(f"{base}/getWebhookInfo")).json()
    except (httpx.HTTPError, ValueError) as error:
        name = variable("telegram_proxy")
        return [broken("telegram", "telegram_away", error=type(error).__name__, name=name)]
    if not me.get("ok"):
        return [broken("telegram", "telegram_refused", name=variable("telegram_token"), reason=me.get("description"))]
    found = [fine("telegram", "telegram_fine", username=me["result"].get("username", ""))]
    return found + await _check_webhook(settings, hook.get("result") or {})


async def _check_webhook(settings: Settings, hook: Mapping[str, Any]) -> list[DoctorFinding]:
    url, there = settings.telegram_webhook_url, str(hook.get("url", ""))
    if not url:
        return [look("webhook", "webhook_left")] if there else []
    if not await _is_running(settings, "telegram"):
        return [look("webhook", "webhook_not_running")]
    name = variable("telegram_webhook_url")
    if there != address(url):
        return [broken("webhook", "webhook_other", name=name)]
    found = [look("webhook", "webhook_error", reason=why)] if (why := hook.get("last_error_message")) else []
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            # Without the secret the bot itself says 403; anybody else says something else.
            status = (await client.post(address(url), json={})).status_code
    except httpx.HTTPError as error:
        return [*found, broken("webhook", "webhook_away", name=name, error=type(error).__name__)]
    if status != _FORBIDDEN:
        return [*found, broken("webhook", "webhook_elsewhere", name=name, status=status)]
    return found or [fine("webhook", "webhook_fine", waiting=hook.get("pending_update_count", 0))]


async def check_aibot(settings: Settings) -> list[DoctorFinding]:
    """Log in as the AI bot, unless a bot is running: a second login would end its connection."""
    if not settings.wecom_bot_id:
        return []
    if await _is_running(settings, AIBOT):
        return [fine("wecom-aibot", "aibot_running")]
    try:
        await make_aibot_client(settings).log_in_once()
    except SettingError as error:
        return [broken("wecom-aibot", "wrong_setting", reason=error)]
    except WeComError as error:
        names = f"{variable('wecom_bot_id')}、{variable('wecom_bot_secret')}"
        key = "wecom_refused" if isinstance(error, WeComRefusedError) else "wecom_away"
        return [broken("wecom-aibot", key, reason=error, names=names)]
    return [fine("wecom-aibot", "aibot_fine")]


async def check_app(settings: Settings) -> list[DoctorFinding]:
    """Fetch an access token for the self-built app."""
    if not settings.wecom_corp_id:
        return []
    try:
        token = make_app_token(settings)
    except SettingError as error:
        return [broken("wecom-app", "wrong_setting", reason=error)]
    try:
        await token.get()
    except WeComError as error:
        names = f"{variable('wecom_corp_id')}、{variable('wecom_app_secret')}"
        key = "wecom_refused" if isinstance(error, WeComRefusedError) else "wecom_away"
        return [broken("wecom-app", key, reason=error, names=names)]
    finally:
        await token.close()
    return [fine("wecom-app", "app_fine")]


async def check_robot(settings: Settings) -> list[DoctorFinding]:
    """Read the group robots' addresses; whether one works shows only by a message in the group."""
    if not settings.wecom_robot_url.get_secret_value():
        return []
    try:
        count = len(make_robots(settings))
    except SettingError as error:
        return [broken("wecom-robot", "wrong_setting", reason=error)]
    return [fine("wecom-robot", "robot_fine", count=count)]


async def check_clock(settings: Settings, clock: Callable[[], float] = time.time) -> list[DoctorFinding]:
    """Compare the clock with the time that each configured platform's server states."""
    places = _servers(settings)
    found = []
    for url, proxy in places:
        try:
            async with httpx.AsyncClient(timeout=SECONDS, proxy=proxy or None) as client:
                before = clock()
                stated = (await client.get(url)).headers.get("date", "")
                skew = (before + clock()) / 2 - parsedate_to_datetime(stated).timestamp()
        except (httpx.HTTPError, ValueError, TypeError):
            continue
        found.append(skew)
    if not found:
        return [look("clock", "clock_unknown")] if places else []
    worst = max(found, key=abs)
    make = fine if abs(worst) < SKEW else look if abs(worst) < MUCH_SKEW else broken
    return [make("clock", "clock_fine" if make is fine else "clock_skew", seconds=round(abs(worst)))]


def _servers(settings: Settings) -> set[tuple[str, str]]:
    """Return the address of each configured platform's server, without path and secrets, and the way to it."""
    found = set()
    if settings.telegram_token.get_secret_value():
        found.add((_server(settings.telegram_base_url or TELEGRAM), settings.telegram_proxy.get_secret_value()))
    if settings.wecom_bot_id:
        found.add((_server(settings.wecom_bot_url or AIBOT_URL), settings.wecom_proxy.get_secret_value()))
    if settings.wecom_corp_id:
        found.add((_server(settings.wecom_api_url or API_URL), settings.wecom_proxy.get_secret_value()))
    return found


def _server(url: str) -> str:
    parts = urlsplit(url)
    return f"{'http' if parts.scheme in ('http', 'ws') else 'https'}://{parts.netloc}/"


async def _is_running(settings: Settings, channel: str) -> bool:
    """Whether a living process serves the channel, as far as the database tells."""
    store = Store(settings.sql_url())
    try:
        return await held(store, channel)
    except (SQLAlchemyError, OSError):
        return False
    finally:
        await store.close()
