"""Long polling that loses nothing: updates are in the inbox before the next request confirms them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import urlencode

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.backoff import Backoff
from bot.channels.base import Accept
from bot.channels.dispatch import FIRST_PAUSE, LONGEST_PAUSE
from bot.channels.telegram import limits
from bot.channels.telegram.rate_limiter import seconds_of
from bot.channels.telegram.updates import pack, split

ALLOWED = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.GUEST_MESSAGE,
)

_SHORT = 0.2
"""Seconds."""

log = structlog.get_logger()


class UpdateSource:
    """Where updates come from: ``getUpdates``, its response as it is."""

    def __init__(self, request: BaseRequest, base_url: str) -> None:
        """Fetch over ``request`` from the bot at ``base_url``."""
        self._request = request
        self._url = f"{base_url}/getUpdates"

    async def fetch(self, offset: int | None) -> bytes:
        """Return what has come from ``offset`` on, waiting a while for it; TelegramError when there is no answer."""
        query = {
            "limit": limits.UPDATES_AT_ONCE,
            "timeout": limits.POLL_SECONDS,
            "allowed_updates": json.dumps(ALLOWED),
        }
        where = query if offset is None else query | {"offset": offset}
        seconds = limits.POLL_SECONDS + limits.READ_SECONDS
        return await self._request.retrieve(f"{self._url}?{urlencode(where)}", read_timeout=seconds)


async def poll(source: UpdateSource, bot: Bot, accept: Accept, reached: Callable[[bool], None]) -> None:
    """Fetch updates until cancelled; InvalidToken when the token is no longer good.

    ``reached`` is told after each request whether Telegram gave this bot its updates.

    A lost network is waited out. What the first requests bring up to the first that is not full has come while
    the bot was down.
    """
    offset: int | None = None
    late = True
    pauses = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
    clock = asyncio.get_running_loop().time
    while True:
        asked_at = clock()
        try:
            updates = split(await source.fetch(offset))
        except InvalidToken:
            raise
        except TelegramError as error:
            reached(isinstance(error, RetryAfter))
            await asyncio.sleep(await _wait_for(bot, error, pauses.pause()))
            continue
        reached(True)
        pauses.reset()
        if updates:
            offset = await _keep(updates, offset, accept, late=late)
        if clock() - asked_at < _SHORT:
            # A server that does not wait for something new is not asked without end.
            await asyncio.sleep(0 if updates else _SHORT)
        late = late and len(updates) == limits.UPDATES_AT_ONCE


async def _keep(updates: Sequence[bytes], offset: int | None, accept: Accept, *, late: bool) -> int | None:
    """Keep updates in the inbox; returns the offset that confirms them."""
    packed = [one for raw in updates if (one := pack(raw, late=late)) is not None]
    if len(packed) < len(updates):
        log.warning("updates without a number", count=len(updates) - len(packed))
    await accept(packed)
    return max((int(one.key) + 1 for one in packed), default=offset)


async def _wait_for(bot: Bot, error: TelegramError, pause: float) -> float:
    """Say what went wrong, and return the seconds after which to try again: ``pause`` unless Telegram names some."""
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    if not isinstance(error, Conflict):
        log.warning("telegram can't be reached", error=str(error), seconds=pause)
        return pause
    # Another poller, or a webhook that is still set.
    log.warning("another process takes the updates", error=str(error), seconds=pause)
    with suppress(TelegramError):
        await bot.delete_webhook()
    return pause
