"""The way of one message to its chat: what Telegram refuses is tried differently, what it does not confirm once more.

It may refuse the markup, the topic, or a group that has moved. A request that left this machine and was never
answered may have worked: one more copy is risked, and no third.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import httpx
import structlog
from telegram import Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.address import Spot
from bot.render.html import plain

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
COPIES = 2
"""Of one message, while none of them is confirmed."""
_NO_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SendAttempt:
    """Where a message goes, and how its words are written."""

    chat: int
    thread: int | None
    words: str
    parse_mode: str | None


async def deliver(spot: Spot, text: str, attempt: Callable[[SendAttempt], Awaitable[Message]]) -> str:
    """Attempt to send HTML to ``spot``; returns the message's id, empty where it most likely arrived unconfirmed."""
    way = SendAttempt(int(spot.chat), spot.thread, text, ParseMode.HTML)
    unconfirmed = 0
    while unconfirmed < COPIES:
        try:
            return str((await attempt(way)).message_id)
        except (ChatMigrated, BadRequest) as refusal:
            another = _another(way, refusal)
            if another is None:
                raise
            way = another
        except NetworkError as lost:
            if not may_have_worked(lost):
                raise
            unconfirmed += 1
            log.warning("telegram did not confirm a message", copies=unconfirmed, reason=str(lost))
    return ""


def _another(way: SendAttempt, refusal: TelegramError) -> SendAttempt | None:
    """Return another way, where there is one that was not gone yet."""
    reason = str(refusal).lower()
    if isinstance(refusal, ChatMigrated):
        another = replace(way, chat=refusal.new_chat_id)
    elif markup_refused(refusal):
        log.warning("telegram refused the markup", reason=reason)
        another = replace(way, words=plain(way.words) if way.parse_mode else way.words, parse_mode=None)
    elif topic_is_gone(refusal):
        another = replace(way, thread=None)
    else:
        return None
    return another if another != way else None


def may_have_worked(error: TelegramError) -> bool:
    """Whether a request was on its way when its answer got lost: then nobody knows what became of it."""
    cause = error.__cause__
    refused = isinstance(error, (InvalidToken, BadRequest))
    return not refused and isinstance(cause, httpx.HTTPError) and not isinstance(cause, NEVER_LEFT)


def markup_refused(refusal: TelegramError) -> bool:
    """Whether Telegram can't read the HTML."""
    return "parse entities" in str(refusal).lower()


def topic_is_gone(refusal: TelegramError) -> bool:
    """Whether the chat is there, and the topic in it is not."""
    return any(words in str(refusal).lower() for words in _NO_TOPIC)
