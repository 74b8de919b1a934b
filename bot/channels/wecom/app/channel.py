"""The self-built app as a channel: callbacks into the inbox, answers passively in time, else by message/send."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from functools import partial

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import BaseRoute

from bot.answering.answer import Answer
from bot.channels.base import Accept, Channel, ChannelRefusedError, UnreadableUpdateError
from bot.channels.context import ChannelContext
from bot.channels.wecom import notices
from bot.channels.wecom.app.api import AppApi, AppMarkup
from bot.channels.wecom.app.callback import Callback
from bot.channels.wecom.app.crypto import CallbackCrypto
from bot.channels.wecom.app.departments import Departments
from bot.channels.wecom.app.documents import AppMessage
from bot.channels.wecom.app.token import AccessToken
from bot.channels.wecom.app.waiting import Waiting
from bot.channels.wecom.desk import Asked, Desk
from bot.channels.wecom.errors import AwayError, WeComRefusedError
from bot.channels.wecom.layout import Reply, lay_out
from bot.channels.wecom.limits import (
    APP_DOUBLES,
    APP_MARKDOWN_BYTES,
    APP_NOTICES,
    APP_RESENDS,
    APP_TEXT_BYTES,
    CALLBACK_WITHIN,
    CREDENTIALS_WRONG,
)
from bot.channels.wecom.pictures import push_picture, show_picture
from bot.messages import say
from bot.notices.sending import Doubles, GoneError
from bot.query.chat_state import ChatState
from bot.render.wecom import WeComMarkdown, plain
from bot.settings import variable
from bot.store.inbox import InboxRow, Update
from bot.store.text import KEY_CHARACTERS, fit
from bot.turns import request_id

CHANNEL = "wecom-app"
GROUP_CHAT = "chat:"
"""Before the chatid of a group chat that the app itself created: a conversation that can be pushed to."""
_ANSWER_WITHIN = CALLBACK_WITHIN - 1.0
_ENTERING = frozenset({"enter_agent", "subscribe"})
_ENTERED = "enter:"
_DAY = 86_400
_MARKUP = WeComMarkdown(grey=True)

_log = structlog.get_logger(__name__)


class AppChannel(Channel):
    """One self-built app."""

    name = CHANNEL
    notice_pace = APP_NOTICES
    doubles = Doubles(APP_RESENDS, kept_in=GROUP_CHAT)

    def __init__(
        self,
        context: ChannelContext,
        crypto: CallbackCrypto,
        token: AccessToken,
        api: AppApi,
        markup: AppMarkup,
        departments: Departments | None = None,
    ) -> None:
        """Take what was made from the settings; connect to nothing yet."""
        self._desk = Desk(context, CHANNEL, departments)
        self._crypto = crypto
        self._token = token
        self._api = api
        self._markup = markup
        self._waiting = Waiting()
        self._answering = False

    async def open(self) -> None:
        """Fetch the first token: a wrong corpid or secret is known now and not at the first answer."""
        try:
            await self._token.get()
        except WeComRefusedError as refusal:
            if refusal.code not in CREDENTIALS_WRONG:
                raise AwayError(str(refusal)) from None
            names = f"{variable('wecom_corp_id')}、{variable('wecom_app_secret')}"
            raise ChannelRefusedError(say("wecom.bad_app", names=names, reason=str(refusal))) from refusal

    async def receive(self, accept: Accept) -> None:  # noqa: ARG002 - the route has its own
        """Wait: messages come to the route."""
        self._answering = True
        try:
            await asyncio.Event().wait()
        finally:
            self._answering = False

    def routes(self, accept: Accept) -> Sequence[BaseRoute]:
        """Return the callback's route."""

        async def receive(message: AppMessage, gone: asyncio.Future[None]) -> str:
            return await self._receive(message, gone, accept)

        async def set_aside(document: str, reason: str) -> None:
            key = hashlib.blake2b(document.encode(), digest_size=16).hexdigest()
            await _keep(accept, Update(f"document:{key}", "unreadable", document, reason))

        return [Callback(self._crypto, receive, set_aside).route()]

    async def _receive(self, message: AppMessage, gone: asyncio.Future[None], accept: Accept) -> str:
        """Keep a message and return its answer, if it is ready while the callback is open."""
        words = _words(message)
        if words is None:
            _log.info("wecom.event_ignored", kind=message.kind, event_name=message.event)
            return ""
        key = _key(message)
        given = self._waiting.given(key)
        if given is not None and not key.startswith(_ENTERED):
            return given
        with self._waiting.place(key) as answer:
            payload = msgspec.json.encode((message.user, message.created, words)).decode()
            await _keep(accept, Update(key, message.user, payload))
            # Another replica that holds the lease answers actively: nothing will come here.
            seconds = _ANSWER_WITHIN if self._answering else 0.0
            await asyncio.wait((answer, gone), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() else ""

    async def handle(self, row: InboxRow) -> None:
        """Answer a message."""
        user, created, words = _read(row)
        asked = Asked(user, user, group=False, text=words, at=created)
        line = await self._desk.refusal(asked)
        if line is not None:
            await self._send(row.key, user, (line,) if line else ())
            await self._desk.end(row)
            return
        answer, after = await self._desk.ask(asked, user, await self._desk.state(asked))
        reply = self._lay_out(answer, after)
        await self._send(row.key, user, reply.with_hint)
        await self._desk.keep(row, asked, reply.after)
        if answer.picture:
            await show_picture(answer, partial(self._api.send_image, user), partial(self._deliver, user))

    async def apologise(self, row: InboxRow) -> None:
        """Say in one line that something went wrong, with the number to ask about."""
        user = _read(row)[0]
        try:
            await self._send(row.key, user, (say("wecom.sorry", id=request_id(CHANNEL, row.key)),))
        except (WeComRefusedError, AwayError) as error:
            _log.warning("wecom.no_apology", reason=str(error))

    async def push(self, conversation: str, answer: Answer) -> None:
        """Push an answer to a member, or to a group chat of the app's own. AwayError is worth another try."""
        chat = conversation.removeprefix(GROUP_CHAT)
        for text in self._lay_out(answer, ChatState()).with_hint:
            if chat != conversation:
                await self._api.send_to_chat(chat, self._written(text), self._markup)
            else:
                await self._deliver(conversation, text)

    async def tidy(self) -> None:
        """Let old conversations expire."""
        await self._desk.tidy()

    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send one message unasked to a member, or to a group chat of the app's own."""
        to = chat.removeprefix(GROUP_CHAT)
        notices.check_room(self._api.left(to), self._api.wait(to))
        text = self._written(notices.write(notice, _MARKUP, min(APP_MARKDOWN_BYTES, APP_TEXT_BYTES)))
        try:
            if to != chat:
                await self._api.send_to_chat(to, text, self._markup)
                return ""
            delivery = await self._api.send(chat, text, self._markup, doubles=APP_DOUBLES)
        except (AwayError, WeComRefusedError) as error:
            raise notices.outcome(error) from error
        if delivery.invalid:
            raise GoneError("not in the app's visible range")
        return delivery.message

    async def send_picture(self, chat: str, notice: Answer) -> None:
        """Send the picture of a notice to a member, where the limits leave room."""
        await push_picture(notice, partial(self._api.send_image, chat), self._api.left(chat))

    async def close(self) -> None:
        """End the connections to the API."""
        await self._api.close()
        await self._desk.close()

    def _lay_out(self, answer: Answer, after: ChatState) -> Reply:
        return lay_out(answer, after, _MARKUP, min(APP_MARKDOWN_BYTES, APP_TEXT_BYTES), group=False)

    async def _send(self, key: str, user: str, texts: Sequence[str]) -> None:
        """Answer passively while the callback is open (one message, as text: all it can carry), else actively."""
        passive = texts[0] if len(texts) == 1 else ""
        if self._waiting.give(key, plain(passive)) and passive:
            return
        for text in texts:
            await self._deliver(user, text)

    async def _deliver(self, user: str, markdown: str) -> None:
        delivery = await self._api.send(user, self._written(markdown), self._markup)
        if delivery.invalid:
            _log.warning("wecom.members_invalid", count=len(delivery.invalid))

    def _written(self, markdown: str) -> str:
        return plain(markdown) if self._markup is AppMarkup.TEXT else markdown


async def _keep(accept: Accept, update: Update) -> None:
    try:
        await accept([update])
    except SQLAlchemyError as error:
        raise ConnectionError(type(error).__name__) from error


def _read(row: InboxRow) -> tuple[str, int, str]:
    try:
        return msgspec.json.decode(row.payload, type=tuple[str, int, str])
    except msgspec.DecodeError as error:
        raise UnreadableUpdateError(type(error).__name__) from error


def _words(message: AppMessage) -> str | None:
    """Return what a message or an event asks; None where nothing is to be said."""
    if message.kind != "event":
        return message.text
    if message.event == "click":
        return message.event_key
    return say("say.help") if message.event in _ENTERING else None


def _key(message: AppMessage) -> str:
    """Return the row's key: the same for all tries, and for all times a member enters on one day."""
    if message.kind == "event" and message.event in _ENTERING:
        return fit(f"{_ENTERED}{message.user}:{message.created // _DAY}", KEY_CHARACTERS)
    return fit(message.id, KEY_CHARACTERS)
