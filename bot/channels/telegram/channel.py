"""The Telegram channel: python-telegram-bot's ``Application`` without its own fetching, fed from the inbox."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import structlog
from starlette.routing import BaseRoute
from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.answering.answer import Answer
from bot.channels.base import Accept, Channel, ChannelRefusedError
from bot.channels.context import ChannelContext
from bot.channels.telegram import limits, notices, polling, webhook
from bot.channels.telegram.address import spot_of
from bot.channels.telegram.commands import Commands, menu
from bot.channels.telegram.desk import CHANNEL, Desk
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.outgoing import TelegramSender
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.questions import Questions
from bot.channels.telegram.rate_limiter import ChatRateLimiter
from bot.channels.telegram.updates import unpack
from bot.conversation.chat_access import ChatAccess
from bot.conversation.pictures import picture_of
from bot.messages import say
from bot.notices.sending import LaterError, MovedError
from bot.settings import Settings, variable
from bot.store.chats import Chats
from bot.store.conversations import Conversations
from bot.store.inbox import Inbox, InboxRow
from bot.store.shown import Screen
from bot.turns import request_id

log = structlog.get_logger()

App = Application[ExtBot[Any], Any, Any, Any, Any, Any]


class TelegramChannel(Channel):
    """One bot; polls, or takes webhooks when a public URL is set."""

    name = CHANNEL
    notice_pace = limits.NOTICES

    def __init__(self, context: ChannelContext) -> None:
        """Take the settings from ``context``; connect to nothing yet."""
        self._context = context
        self._settings = context.settings
        self._inbox = Inbox(context.store, CHANNEL)
        self._chats = Chats(context.store, CHANNEL)
        self._screen = Screen(context.store, CHANNEL)
        self._gate = _make_gate(context.settings, self._chats)
        token = context.settings.telegram_token.get_secret_value()
        self._secret = webhook.secret_for(token, context.settings.telegram_webhook_secret.get_secret_value())
        self._app: App | None = None
        self._source: polling.UpdateSource | None = None
        self._desk: Desk | None = None
        self._questions: Questions | None = None
        self._errors: dict[int, BaseException] = {}
        self._reached = False

    async def open(self) -> None:
        """Log in and say how updates are to come."""
        updates = _make_request(self._settings, connections=1)
        self._app = _make_app(self._settings, updates)
        self._source = polling.UpdateSource(updates, self._app.bot.base_url)
        try:
            await self._app.initialize()
            self._add_handlers(self._app)
            await self._announce(self._app.bot)
        except InvalidToken as error:
            raise _bad_token() from error
        except TelegramError as error:
            raise ConnectionError(str(error)) from error
        self._reached = True

    @property
    def is_connected(self) -> bool:
        """Whether the last request for updates was answered; with a webhook, whether it was set."""
        return self._reached

    def _note_reach(self, reached: bool) -> None:  # noqa: FBT001 - what ``poll`` calls
        self._reached = reached

    async def tidy(self) -> None:
        """Let old buttons and conversations expire."""
        await self._screen.forget(self._settings.button_days)
        await Conversations(self._context.store).forget(CHANNEL, self._settings.button_days)

    async def _announce(self, bot: Bot) -> None:
        url = self._settings.telegram_webhook_url
        if url:
            try:
                await bot.set_webhook(webhook.address(url), secret_token=self._secret, allowed_updates=polling.ALLOWED)
            except BadRequest as error:
                name = variable("telegram_webhook_url")
                raise ChannelRefusedError(say("run.bad_setting", name=name, reason=str(error))) from error
        for what, request in (
            ("menu", bot.set_my_commands(menu())),
            ("webhook", None if url else bot.delete_webhook()),
        ):
            if request is None:
                continue
            try:
                await request
            except TelegramError as error:
                # Neither keeps anybody from asking; a webhook still set shows as a conflict when polling.
                log.warning("could not be set", what=what, error=str(error))

    def _add_handlers(self, app: App) -> None:
        self._desk = desk = Desk(
            bot=app.bot,
            store=self._context.store,
            inbox=self._inbox,
            talks=Conversations(self._context.store),
            chats=self._chats,
            screen=self._screen,
            gate=self._gate,
            asker=self._context.asker,
            outgoing=TelegramSender(app.bot),
            subscriptions=self._context.subscriptions,
            operators=frozenset(map(str, self._settings.telegram_admins)),
        )
        commands = Commands(desk)
        self._questions = questions = Questions(desk, commands)
        app.add_handler(MessageHandler(filters.UpdateType.MESSAGE, questions.on_message))
        app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, questions.on_edit))
        app.add_handler(ChatMemberHandler(questions.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
        app.add_handler(CallbackQueryHandler(Presses(desk, commands).on_press))
        app.add_handler(InlineQueryHandler(Inline(desk).on_query))
        app.add_error_handler(self._note_error)

    async def _note_error(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Keep what a handler raised for ``handle``: the library itself would only log it."""
        if isinstance(update, Update) and context.error is not None:
            self._errors[update.update_id] = context.error

    async def receive(self, accept: Accept) -> None:
        """Poll, or wait for the webhook's updates."""
        if self._app is None or self._source is None:
            raise ConnectionError
        if self._settings.telegram_webhook_url:
            await asyncio.Event().wait()
        try:
            await polling.poll(self._source, self._app.bot, accept, self._note_reach)
        except InvalidToken as error:
            raise _bad_token() from error

    async def handle(self, row: InboxRow) -> None:
        """Answer one update; a network that is away has it tried again."""
        if self._app is None or self._questions is None or self._desk is None:
            raise ConnectionError
        update, late = unpack(row.payload, self._app.bot)
        try:
            if update.message and late and self._is_old(update.message.date.timestamp()):
                await self._questions.too_old(update.message, row.key)
            elif not (update.inline_query and time.time() - row.received_at > limits.INLINE_STALE_SECONDS):
                await self._app.process_update(update)
                error = self._errors.pop(update.update_id, None)
                if error is not None:
                    raise error
        except InvalidToken as error:
            # What waits is answered once the token is right again.
            raise _bad_token() from error
        except Forbidden as error:
            log.info("not allowed to answer here", reason=str(error))
        except BadRequest:
            raise
        except (NetworkError, RetryAfter) as error:
            raise ConnectionError(str(error)) from error
        if row.key not in self._desk.ended:
            await self._desk.end(row.key)
        self._desk.ended.discard(row.key)

    def _is_old(self, sent_at: float) -> bool:
        stale_after = self._settings.stale_after
        return bool(stale_after) and time.time() - sent_at > stale_after

    async def apologise(self, row: InboxRow) -> None:
        """Answer with one line that bears the id under which the log tells what happened."""
        if self._app is None:
            return
        # The row as it was handed over still has its payload; the one in the inbox is emptied.
        update, _ = unpack(row.payload, self._app.bot)
        text = say("telegram.sorry", id=request_id(CHANNEL, row.key))
        outgoing = TelegramSender(self._app.bot)
        try:
            if update.callback_query:
                await outgoing.answer_press(update.callback_query, text, alert=True)
            elif update.effective_message:
                await outgoing.send(spot_of(update.effective_message), text)
        except TelegramError as error:
            log.warning("not even an apology could be sent", error=str(error))

    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send one message unasked; errors as the interface names them."""
        if self._app is None:
            raise LaterError("not connected", 1.0)
        try:
            return await notices.send(self._app.bot, self._screen, chat, notice)
        except MovedError as moved:
            async with self._context.store.begin() as tx:
                await self._chats.move(chat, moved.chat, tx)
            raise

    async def send_picture(self, chat: str, notice: Answer) -> None:
        """Send the picture of a notice that was sent, if it is one of those that have one."""
        picture = await picture_of(notice)
        if self._app is not None and not isinstance(picture, str):
            await notices.send_picture(self._app.bot, chat, picture.png, notice)

    async def close(self) -> None:
        """Log out of nothing; just close the connections."""
        if self._app is not None:
            await self._app.shutdown()
            await self._app.bot.shutdown()
        self._app = None

    def routes(self, accept: Accept) -> Sequence[BaseRoute]:
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


def _make_app(settings: Settings, updates: HTTPXRequest) -> App:
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
    builder = builder.token(settings.telegram_token.get_secret_value()).updater(None).job_queue(None)
    builder = builder.rate_limiter(ChatRateLimiter())
    if settings.telegram_base_url:
        builder = builder.base_url(settings.telegram_base_url)
    if settings.telegram_base_file_url:
        builder = builder.base_file_url(settings.telegram_base_file_url)
    return builder.request(_make_request(settings, limits.CONNECTIONS)).get_updates_request(updates).build()


def _make_gate(settings: Settings, chats: Chats) -> ChatAccess:
    return ChatAccess(
        chats,
        users=[str(user) for user in settings.telegram_allowed_users],
        groups=[str(chat) for chat in settings.telegram_allowed_chats],
        code=settings.telegram_invitation_code.get_secret_value(),
        per_minute=settings.questions_per_minute,
    )


def _bad_token() -> ChannelRefusedError:
    return ChannelRefusedError(say("telegram.bad_token", name=variable("telegram_token")))
