"""The Telegram channel: python-telegram-bot's ``Bot`` without its own fetching and dispatching, fed from the inbox."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.routing import BaseRoute
from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.answering.answer import Answer
from bot.channels.base import Accept, ChannelRefusedError, NoticeSender, Receiver
from bot.channels.context import ChannelContext
from bot.channels.telegram import limits, notices, polling, webhook
from bot.channels.telegram.address import spot_of
from bot.channels.telegram.guests import Guests
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.outgoing import TelegramSender, knows_ephemeral
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.profile import introduce
from bot.channels.telegram.questions import Questions
from bot.channels.telegram.rate_limiter import ChatRateLimiter
from bot.channels.telegram.refusal import bad_token
from bot.channels.telegram.surface import CHANNEL
from bot.channels.telegram.updates import unpack
from bot.conversation.chat_access import ChatAccess
from bot.conversation.pictures import picture_of
from bot.messages import say
from bot.notices.sending import LaterError, MovedError
from bot.settings import PageAccess, Settings, variable
from bot.store.chats import Chats
from bot.store.inbox import InboxRow
from bot.turns import request_id

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Connected:
    """What is there while the channel is open."""

    bot: ExtBot[Any]
    source: polling.UpdateSource
    sender: TelegramSender
    questions: Questions
    presses: Presses
    inline: Inline
    guests: Guests


class TelegramChannel(Receiver, NoticeSender):
    """One bot; polls, or takes webhooks when a public URL is set."""

    name = CHANNEL
    notice_pace = limits.NOTICES

    def __init__(self, context: ChannelContext) -> None:
        """Take the settings from ``context``; connect to nothing yet."""
        self._context = context
        self._settings = context.settings
        self._session = context.session(
            CHANNEL, _make_access(context), frozenset(map(str, context.settings.telegram_admins))
        )
        token = context.settings.telegram_token.get_secret_value()
        self._secret = webhook.secret_for(token, context.settings.telegram_webhook_secret.get_secret_value())
        self._bot: ExtBot[Any] | None = None
        self._connected: _Connected | None = None
        self._reached = False

    async def open(self) -> None:
        """Log in and say how updates are to come."""
        updates = _make_request(self._settings, connections=1)
        self._bot = bot = _make_bot(self._settings, updates)
        try:
            await bot.initialize()
            await self._announce(bot)
        except InvalidToken as error:
            raise bad_token() from error
        except TelegramError as error:
            raise ConnectionError(str(error)) from error
        sender = TelegramSender(bot, whispers=await knows_ephemeral(bot))
        self._connected = _Connected(
            bot,
            polling.UpdateSource(updates, bot.base_url),
            sender,
            Questions(bot, self._session, sender),
            Presses(self._session, sender),
            Inline(bot, self._session),
            Guests(bot, self._session),
        )
        self._reached = True

    @property
    def is_connected(self) -> bool:
        """Whether the last request for updates was answered; with a webhook, whether it was set."""
        return self._reached

    def _note_reach(self, reached: bool) -> None:  # noqa: FBT001 - what ``poll`` calls
        self._reached = reached

    async def tidy(self) -> None:
        """Let old buttons and conversations expire."""
        await self._session.tidy()

    async def _announce(self, bot: Bot) -> None:
        url = self._settings.telegram_webhook_url
        if url:
            try:
                await bot.set_webhook(webhook.address(url), secret_token=self._secret, allowed_updates=polling.ALLOWED)
            except BadRequest as error:
                name = variable("telegram_webhook_url")
                raise ChannelRefusedError(say("run.bad_setting", name=name, reason=str(error))) from error
        else:
            try:
                await bot.delete_webhook()
            except TelegramError as error:
                # One that is still set shows as a conflict when polling.
                log.warning("could not be set", what="webhook", error=str(error))
        await introduce(bot, _open_page(self._settings))

    async def receive(self, accept: Accept) -> None:
        """Poll, or wait for the webhook's updates."""
        connected = self._open()
        if self._settings.telegram_webhook_url:
            await asyncio.Event().wait()
        try:
            await polling.poll(connected.source, connected.bot, accept, self._note_reach)
        except InvalidToken as error:
            raise bad_token() from error

    async def handle(self, row: InboxRow) -> None:
        """Answer one update; a network that is away has it tried again."""
        connected = self._open()
        update, late = unpack(row.payload, connected.bot)
        try:
            await self._answer(update, row, connected, late=late)
        except Forbidden as error:
            log.info("not allowed to answer here", reason=str(error))
            await self._session.end(row.key)
        except InvalidToken as error:
            raise bad_token() from error
        except BadRequest:
            raise
        except (NetworkError, RetryAfter) as error:
            raise ConnectionError(str(error)) from error

    async def _answer(self, update: Update, row: InboxRow, connected: _Connected, *, late: bool) -> None:
        stale = time.time() - row.received_at > limits.INLINE_STALE_SECONDS
        if update.message:
            await connected.questions.on_message(update.message, row.key, late=late, again=row.attempts > 0)
        elif update.edited_message:
            await connected.questions.on_edit(update.edited_message, row.key)
        elif update.callback_query:
            await connected.presses.on_press(update.callback_query, row.key)
        elif update.my_chat_member:
            await connected.questions.on_membership(update.my_chat_member, row.key)
        elif update.guest_message:
            await connected.guests.on_message(update.guest_message, row.key)
        elif update.inline_query and not stale:
            await connected.inline.on_query(update.inline_query, row.key)
        else:
            await self._session.end(row.key)

    def _open(self) -> _Connected:
        if self._connected is None:
            raise ConnectionError
        return self._connected

    async def apologise(self, row: InboxRow) -> None:
        """Answer with one line that bears the id under which the log tells what happened."""
        connected = self._open()
        # The row as it was handed over still has its payload; the one in the inbox is emptied.
        update, _ = unpack(row.payload, connected.bot)
        text = say("chat.sorry", id=request_id(CHANNEL, row.key))
        try:
            if update.callback_query:
                await connected.sender.answer_press(update.callback_query, text, alert=True)
            elif update.effective_message:
                await connected.sender.send(spot_of(update.effective_message), text)
        except TelegramError as error:
            log.warning("not even an apology could be sent", error=str(error))

    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send one message unasked; errors as the interface names them."""
        if self._connected is None:
            raise LaterError("not connected", 1.0)
        try:
            return await notices.send(self._connected.bot, self._session.screen, chat, notice)
        except MovedError as moved:
            async with self._context.store.begin() as tx:
                await self._session.chats.move(chat, moved.chat, tx)
            raise

    async def send_picture(self, chat: str, notice: Answer) -> None:
        """Send the picture of a notice that was sent, if it is one of those that have one."""
        picture = await picture_of(notice)
        if self._connected is not None and not isinstance(picture, str):
            await notices.send_picture(self._connected.bot, chat, picture.png, notice)

    async def close(self) -> None:
        """Log out of nothing; just close the connections."""
        if self._bot is not None:
            await self._bot.shutdown()
        self._bot = self._connected = None

    def callbacks(self, accept: Accept) -> Sequence[BaseRoute]:
        """Return the webhook's route when a public URL is set."""
        url = self._settings.telegram_webhook_url
        return [webhook.make_route(url, self._secret, accept)] if url else []


def _make_request(settings: Settings, connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connections,
        read_timeout=limits.READ_SECONDS,
        write_timeout=limits.READ_SECONDS,
        media_write_timeout=limits.UPLOAD_SECONDS,
        proxy=settings.telegram_proxy.get_secret_value() or None,
    )


def _make_bot(settings: Settings, updates: HTTPXRequest) -> ExtBot[Any]:
    return ExtBot(
        settings.telegram_token.get_secret_value(),
        base_url=settings.telegram_base_url or limits.API_URL,
        base_file_url=settings.telegram_base_file_url or limits.FILE_URL,
        request=_make_request(settings, limits.CONNECTIONS),
        get_updates_request=updates,
        rate_limiter=ChatRateLimiter(),
    )


def _open_page(settings: Settings) -> str:
    """Return the page's address where anybody may open it from inside Telegram; else empty."""
    is_open = PageAccess.OPEN in settings.web_access and settings.web_url.startswith("https://")
    return settings.web_url if is_open else ""


def _make_access(context: ChannelContext) -> ChatAccess:
    settings = context.settings
    return ChatAccess(
        Chats(context.store, CHANNEL),
        users=[str(user) for user in settings.telegram_allowed_users],
        groups=[str(chat) for chat in settings.telegram_allowed_chats],
        code=settings.telegram_invitation_code.get_secret_value(),
        per_minute=settings.questions_per_minute,
    )
