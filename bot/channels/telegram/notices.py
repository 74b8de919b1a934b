"""Sends notices, and says by name what became of each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog
from telegram import InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.answering.answer import Answer
from bot.channels.telegram import limits
from bot.channels.telegram.address import Spot, read_address
from bot.channels.telegram.attempts import NEVER_LEFT, markup_refused, topic_is_gone
from bot.channels.telegram.card import TelegramCard, make_caption, make_card
from bot.channels.telegram.outgoing import NO_PREVIEW
from bot.channels.telegram.rate_limiter import ChatRateLimiter, has_room, seconds_of
from bot.channels.telegram.refusal import bad_token
from bot.notices.sending import GoneError, LaterError, MovedError, NoticeRefusedError, SendError, UnknownError
from bot.query.chat_state import ChatState
from bot.render.html import plain
from bot.store.shown import Screen

log = structlog.get_logger()

_PAUSE = 5.0
"""Seconds before a message is tried again that did not leave this machine."""
_NOT_THERE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "group chat was deactivated",
)
"""Of a chat that is no more."""


async def send(bot: ExtBot[Any], screen: Screen, address: str, notice: Answer) -> str:
    """Send one message with its buttons; errors as in ``Channel.send_notice``."""
    spot = read_address(address)
    _check_room(bot, spot)
    card = make_card(notice, ChatState(), spot, room=limits.NOTICE)
    await screen.keep_buttons(card.all_buttons())
    try:
        return await _send_somehow(bot, spot, card)
    except InvalidToken as error:
        raise bad_token() from error
    except TelegramError as error:
        raise _outcome(error, everywhere=_closed_everywhere(bot)) from error


async def _send_somehow(bot: ExtBot[Any], spot: Spot, card: TelegramCard) -> str:
    """Send a card; without its topic where that was deleted, and as plain text where the markup is refused."""
    place, text, parse_mode = spot, card.text, str(ParseMode.HTML)
    while True:
        try:
            return await _send(bot, place, text, parse_mode, card.keyboard)
        except BadRequest as refusal:
            if topic_is_gone(refusal) and place.thread is not None:
                log.info("the topic of a following was deleted", reason=str(refusal))
                place = replace(place, thread=None)
            elif markup_refused(refusal) and parse_mode:
                text, parse_mode = plain(text), ""
            else:
                raise


def _check_room(bot: ExtBot[Any], spot: Spot) -> None:
    """Raise LaterError while what is left of a group's minute is needed for answers."""
    if not has_room(bot, spot.chat):
        raise LaterError("our own limit", _PAUSE)


async def send_picture(bot: ExtBot[Any], address: str, png: bytes, notice: Answer) -> None:
    """Send the picture of a notice, once; what keeps it away is only noted, since the words are there."""
    spot = read_address(address)
    try:
        _check_room(bot, spot)
        await bot.send_photo(
            int(spot.chat),
            png,
            caption=make_caption(notice),
            message_thread_id=spot.thread,
            parse_mode=ParseMode.HTML,
            rate_limit_args=0,
        )
    except (LaterError, TelegramError) as error:
        log.warning("the picture of a notice could not be sent", reason=str(error))


async def _send(bot: ExtBot[Any], spot: Spot, text: str, parse_mode: str, keyboard: InlineKeyboardMarkup | None) -> str:
    message = await bot.send_message(
        int(spot.chat),
        text,
        message_thread_id=spot.thread,
        parse_mode=parse_mode or None,
        reply_markup=keyboard,
        link_preview_options=NO_PREVIEW,
        # A 429 goes back to the outbox, which keeps the pause through a restart.
        rate_limit_args=0,
    )
    return str(message.message_id)


def _closed_everywhere(bot: ExtBot[Any]) -> bool:
    return isinstance(bot.rate_limiter, ChatRateLimiter) and bot.rate_limiter.closed_everywhere


def _outcome(error: TelegramError, *, everywhere: bool) -> SendError:
    reason = str(error)
    match error:
        case RetryAfter():
            return LaterError(reason, seconds_of(error), everywhere=everywhere)
        case ChatMigrated():
            return MovedError(str(error.new_chat_id))
        case Forbidden():
            return GoneError(reason)
        case BadRequest():
            gone = any(words in reason.lower() for words in _NOT_THERE)
            return GoneError(reason) if gone else NoticeRefusedError(reason)
        case _:
            not_sent = isinstance(error.__cause__, NEVER_LEFT)
            return LaterError(reason, _PAUSE, everywhere=True) if not_sent else UnknownError(reason)
