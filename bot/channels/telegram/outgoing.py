"""Sends and edits messages; what Telegram refuses or does not confirm is survived in ``way.py``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from telegram import Bot, CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram import limits
from bot.channels.telegram.address import Spot
from bot.channels.telegram.attempts import SendAttempt, deliver, markup_refused
from bot.render.html import plain

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = structlog.get_logger()


class TelegramSender:
    """What the bot does in chats."""

    def __init__(self, bot: Bot) -> None:
        """Act as ``bot``."""
        self._bot = bot

    async def send(self, spot: Spot, text: str, keyboard: InlineKeyboardMarkup | None = None) -> str:
        """Answer the message at ``spot`` with HTML; returns the new message's id, empty where it is not known."""

        async def attempt(way: SendAttempt) -> Message:
            return await self._bot.send_message(
                way.chat,
                way.words,
                parse_mode=way.parse_mode,
                message_thread_id=way.thread,
                reply_parameters=_quoting(spot),
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )

        return await deliver(spot, text, attempt)

    async def send_photo(self, spot: Spot, png: bytes, caption: str) -> str:
        """Answer the message at ``spot`` with a picture, its caption in HTML; returns as ``send``."""

        async def attempt(way: SendAttempt) -> Message:
            return await self._bot.send_photo(
                way.chat,
                png,
                caption=way.words,
                parse_mode=way.parse_mode,
                message_thread_id=way.thread,
                reply_parameters=_quoting(spot),
            )

        return await deliver(spot, caption, attempt)

    async def edit(self, chat: str, message: str, text: str, keyboard: InlineKeyboardMarkup | None) -> bool:
        """Change a message in place; False when it is gone or can't be changed any more."""

        async def attempt(words: str, parse_mode: str | None) -> None:
            await self._bot.edit_message_text(
                words,
                chat_id=int(chat),
                message_id=int(message),
                parse_mode=parse_mode,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )

        try:
            try:
                await attempt(text, ParseMode.HTML)
            except BadRequest as refusal:
                if not markup_refused(refusal):
                    raise
                log.warning("telegram refused the markup", reason=str(refusal))
                await attempt(plain(text), None)
        except BadRequest as refusal:
            if "not modified" in str(refusal).lower():
                return True
            log.info("a message can't be edited", reason=str(refusal))
            return False
        return True

    async def answer_press(self, query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
        """End the waiting sign on a pressed button; one that was pressed too long ago needs no end."""
        try:
            await query.answer(text[: limits.CALLBACK_ANSWER_CHARACTERS] or None, show_alert=alert)
        except BadRequest as refusal:
            log.info("a press could not be answered", reason=str(refusal))

    async def is_admin(self, spot: Spot) -> bool:
        """Whether who wrote at ``spot`` may change the chat's settings; in private everybody may."""
        if spot.private or spot.person == spot.chat:
            # An anonymous administrator writes in the name of the group itself.
            return True
        try:
            member = await self._bot.get_chat_member(int(spot.chat), int(spot.person))
        except BadRequest as refusal:
            log.info("membership unknown", reason=str(refusal))
            return False
        return member.status in {member.OWNER, member.ADMINISTRATOR}

    @asynccontextmanager
    async def typing(self, spot: Spot) -> AsyncIterator[None]:
        """Show “typing…” meanwhile."""
        showing = asyncio.create_task(self._show_typing(spot))
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _show_typing(self, spot: Spot) -> None:
        with suppress(TelegramError):
            while True:
                await self._bot.send_chat_action(int(spot.chat), ChatAction.TYPING, message_thread_id=spot.thread)
                await asyncio.sleep(limits.TYPING_SECONDS)


def _quoting(spot: Spot) -> ReplyParameters | None:
    return (
        None
        if spot.private or not spot.message
        else ReplyParameters(int(spot.message), allow_sending_without_reply=True)
    )
