"""Sends and edits messages; what Telegram refuses or does not confirm is survived in ``attempts.py``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from telegram import (
    Bot,
    CallbackQuery,
    Document,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, EndPointNotFound, Forbidden, TelegramError

from bot.channels.telegram import limits
from bot.channels.telegram.address import Spot
from bot.channels.telegram.attempts import SendAttempt, deliver, markup_refused
from bot.channels.telegram.rate_limiter import has_room
from bot.isolation import stop_tasks
from bot.render.file.make import AnswerFile
from bot.render.html import plain

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = structlog.get_logger()


class TelegramSender:
    """What the bot does in chats."""

    def __init__(self, bot: Bot, *, whispers: bool = False) -> None:
        """Act as ``bot``; with ``whispers`` the server has messages that one member of a group alone sees."""
        self._bot = bot
        self._whispers = whispers
        self._no_whispers: set[str] = set()
        """Groups in which the bot has no right to."""

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

    async def send_document(self, spot: Spot, file: AnswerFile, caption: str) -> str:
        """Answer the message at ``spot`` with a file, its caption in HTML; returns as ``send``."""

        async def attempt(way: SendAttempt) -> Message:
            return await self._bot.send_document(
                way.chat,
                file.content,
                filename=file.name,
                caption=way.words,
                parse_mode=way.parse_mode,
                message_thread_id=way.thread,
                reply_parameters=_quoting(spot),
            )

        return await deliver(spot, caption, attempt)

    async def relabel(self, message: Message, data: str, label: str) -> None:
        """Write other words on one button of a message; one that can't be changed keeps its own."""
        rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
        changed = [
            [InlineKeyboardButton(label, callback_data=data) if one.callback_data == data else one for one in row]
            for row in rows
        ]
        with suppress(BadRequest):
            await message.edit_reply_markup(InlineKeyboardMarkup(changed))

    async def fetch(self, document: Document) -> tuple[str, bytes]:
        """Return the name and bytes of a file that was sent; ConnectionError where Telegram does not give it."""
        try:
            file = await self._bot.get_file(document.file_id)
            return document.file_name or "", bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise ConnectionError(str(error)) from error

    async def whisper(self, spot: Spot, text: str) -> bool:
        """Show one line in a group to who wrote at ``spot`` alone; False where that can't be done.

        https://core.telegram.org/bots/api#ephemeral-messages-and-commands: the bot must be an administrator.
        """
        if spot.private or not self._whispers or spot.chat in self._no_whispers or not spot.person.isdecimal():
            return False
        receiver = {"receiver_user_id": int(spot.person)}
        try:
            await self._bot.send_message(
                int(spot.chat),
                text,
                message_thread_id=spot.thread,
                api_kwargs={"ephemeral_message_parameters": receiver},
            )
        except (BadRequest, Forbidden) as refusal:
            log.info("nothing can be whispered in a group", reason=str(refusal))
            self._no_whispers.add(spot.chat)
            return False
        return True

    async def react(self, spot: Spot, emoji: str) -> None:
        """Put a reaction on the message at ``spot``, while nothing that waits to be written there needs the room."""
        if not has_room(self._bot, spot.chat):
            return
        try:
            await self._bot.set_message_reaction(int(spot.chat), int(spot.message), emoji)
        except (BadRequest, Forbidden) as refusal:
            # A group may allow none, or only some.
            log.info("a reaction was not taken", reason=str(refusal))

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
        """Show “typing…” meanwhile, once it has taken a moment."""
        showing = asyncio.create_task(self._show_typing(spot))
        try:
            yield
        finally:
            await stop_tasks(showing)

    async def _show_typing(self, spot: Spot) -> None:
        await asyncio.sleep(limits.TYPING_AFTER)
        with suppress(TelegramError):
            while True:
                await self._bot.send_chat_action(int(spot.chat), ChatAction.TYPING, message_thread_id=spot.thread)
                await asyncio.sleep(limits.TYPING_SECONDS)


async def knows_ephemeral(bot: Bot) -> bool:
    """Whether the server has ephemeral messages (Bot API 10.2): one that has not would show them to everybody."""
    try:
        await bot.do_api_request("deleteEphemeralMessage")
    except EndPointNotFound:
        return False
    except BadRequest:
        # It is there, and misses what to delete.
        return True
    except TelegramError as error:
        log.info("whether the server has ephemeral messages is not known", reason=str(error))
    return False


def _quoting(spot: Spot) -> ReplyParameters | None:
    return (
        None
        if spot.private or not spot.message
        else ReplyParameters(int(spot.message), allow_sending_without_reply=True)
    )
