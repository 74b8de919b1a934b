"""Obeys Telegram's 429 to the second.

The library's ``AIORateLimiter`` spaces requests, and sleeps when told to; but a request that was already under way
reopens its gate for all others. This one holds every request of that chat until the time that Telegram named has
passed; when a second chat is refused meanwhile, the limit is the bot's own, and everybody waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import structlog
from telegram import Bot
from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter, ExtBot

from bot.channels.telegram import limits

_MARGIN = 0.1
"""Seconds; Telegram names whole ones and its clock is not ours."""

Result = bool | dict[str, Any] | list[dict[str, Any]]

log = structlog.get_logger()


class ChatRateLimiter(AIORateLimiter):
    """``AIORateLimiter`` with the waiting done here and the spacing left to it."""

    def __init__(self) -> None:
        super().__init__(
            overall_max_rate=limits.BURST,
            overall_time_period=limits.BURST / (limits.MESSAGES_PER_SECOND - limits.BURST - limits.JITTER),
            group_max_rate=limits.GROUP_MESSAGES_PER_MINUTE,
            max_retries=0,
        )
        self._closed: dict[object, float] = {}
        """Until when, by what is closed: a chat, or a method that names none."""
        self._all_closed_until = 0.0

    @property
    def closed_everywhere(self) -> bool:
        """Whether Telegram has asked the bot for a pause, and not one chat of it."""
        return self._all_closed_until > asyncio.get_running_loop().time()

    def has_room(self, chat: str, reserve: int) -> bool:
        """Whether one more message may go to a group now with ``reserve`` others left; always to a private chat."""
        limiter = self._group_limiters.get(int(chat))
        return limiter is None or limiter.has_capacity(1 + reserve)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,  # noqa: ANN401
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Send one request, again after each pause that Telegram asks for; RetryAfter after ``limits.RETRIES``."""
        what = data.get("chat_id", endpoint)

        async def gated(*inner_args: object, **inner_kwargs: object) -> Result:
            await self._open(what)
            return await callback(*inner_args, **inner_kwargs)

        if endpoint == "sendChatAction":
            # No message, so it takes no message's place: in a group there are only twenty a minute.
            return await gated(*args, **kwargs)
        retries = limits.RETRIES if rate_limit_args is None else rate_limit_args
        for attempt in range(retries + 1):
            try:
                return await super().process_request(gated, args, kwargs, endpoint, data, rate_limit_args)
            except RetryAfter as refusal:
                seconds = seconds_of(refusal)
                self._close(what, seconds + _MARGIN)
                log.warning("telegram asks for a pause", seconds=seconds, method=endpoint)
                if attempt == retries:
                    raise
        raise AssertionError("unreachable")

    def _close(self, what: object, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        self._closed = {key: until for key, until in self._closed.items() if until > now}
        self._closed[what] = max(self._closed.get(what, 0.0), now + seconds)
        if len(self._closed) > 1:
            self._all_closed_until = max(self._closed.values())

    async def _open(self, what: object) -> None:
        clock = asyncio.get_running_loop().time
        while (wait := max(self._closed.get(what, 0.0), self._all_closed_until) - clock()) > 0:  # noqa: ASYNC110 - time
            await asyncio.sleep(wait)


def has_room(bot: Bot, chat: str) -> bool:
    """Whether a chat's minute has room for more than the answers that may come."""
    limiter = bot.rate_limiter if isinstance(bot, ExtBot) else None
    return not isinstance(limiter, ChatRateLimiter) or limiter.has_room(chat, limits.RESERVE)


def seconds_of(refusal: RetryAfter) -> float:
    """Return the pause that Telegram asks for."""
    after = refusal.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
