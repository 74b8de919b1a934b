"""Long polling that loses nothing: updates are in the inbox before the next request confirms them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.base import Accept
from bot.channels.dispatch import FIRST_PAUSE, LONGEST_PAUSE
from bot.channels.telegram import limits
from bot.channels.telegram.patience import seconds_of
from bot.store.inbox import Update as Stored

ALLOWED = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)

_SHORT = 0.2
"""Seconds."""

log = structlog.get_logger()


def pack(update: Update, *, late: bool) -> Stored:
    """Return an update as the inbox keeps it; ``late`` when it may have come while the bot was down."""
    chat, person = update.effective_chat, update.effective_user
    conversation = str(chat.id) if chat else f"inline:{person.id if person else 0}"
    payload = json.dumps({"late": late, "update": update.to_dict()}, ensure_ascii=False)
    return Stored(str(update.update_id), conversation, payload)


async def poll(bot: Bot, accept: Accept, reached: Callable[[bool], None]) -> None:
    """Fetch updates until cancelled; InvalidToken when the token is no longer good.

    ``reached`` is told after each request whether Telegram gave this bot its updates.

    A lost network is waited out. What the first requests bring up to the first that is not full has come while
    the bot was down.
    """
    offset: int | None = None
    late = True
    pause = FIRST_PAUSE
    clock = asyncio.get_running_loop().time
    while True:
        asked_at = clock()
        try:
            updates = await bot.get_updates(
                offset=offset, limit=limits.UPDATES_AT_ONCE, timeout=limits.POLL_SECONDS, allowed_updates=ALLOWED
            )
        except InvalidToken:
            raise
        except TelegramError as error:
            reached(isinstance(error, RetryAfter))
            await asyncio.sleep(await _wait_for(bot, error, pause))
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        reached(True)
        pause = FIRST_PAUSE
        if updates:
            await accept([pack(update, late=late) for update in updates])
            offset = max(update.update_id for update in updates) + 1
        elif clock() - asked_at < _SHORT:
            # A server that does not wait for something new is not asked without end.
            await asyncio.sleep(_SHORT)
        late = late and len(updates) == limits.UPDATES_AT_ONCE


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
