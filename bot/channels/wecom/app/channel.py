"""The self-built app as a channel: callbacks into the inbox, answers passively in time, else by message/send."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import BaseRoute

from bot.answering.answer import Answer
from bot.channels.base import Accept, NoticeSender, Receiver, UnreadableUpdateError
from bot.channels.context import ChannelContext
from bot.channels.wecom import notices
from bot.channels.wecom.access import make_access
from bot.channels.wecom.app.api import AppApi, AppMarkup
from bot.channels.wecom.app.callback import Callback
from bot.channels.wecom.app.crypto import CallbackCrypto
from bot.channels.wecom.app.departments import Departments
from bot.channels.wecom.app.documents import AppMessage
from bot.channels.wecom.app.token import AccessToken
from bot.channels.wecom.app.waiting import Waiting
from bot.channels.wecom.errors import AwayError, CredentialsRefusedError, WeComRefusedError
from bot.channels.wecom.layout import lay_out
from bot.channels.wecom.limits import (
    APP_DOUBLES,
    APP_MARKDOWN_BYTES,
    APP_NOTICES,
    APP_RESENDS,
    APP_TEXT_BYTES,
    CALLBACK_WITHIN,
)
from bot.channels.wecom.notices import bad_app
from bot.channels.wecom.pictures import push_picture, show_file, show_picture
from bot.conversation.surface import Exchange, Presented, Surface, Utterance
from bot.messages import say
from bot.notices.sending import Doubles, GoneError
from bot.render.wecom import WeComMarkdown, plain
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


class AppChannel(Receiver, NoticeSender):
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
        access = make_access(context, CHANNEL, departments)
        self._session = context.session(CHANNEL, access, context.settings.wecom_admins)
        self._departments = departments
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
        except CredentialsRefusedError as refusal:
            raise bad_app(refusal) from refusal
        except WeComRefusedError as refusal:
            raise AwayError(str(refusal)) from None

    async def receive(self, accept: Accept) -> None:  # noqa: ARG002 - the route has its own
        """Wait: messages come to the route."""
        self._answering = True
        try:
            await asyncio.Event().wait()
        finally:
            self._answering = False

    def callbacks(self, accept: Accept) -> Sequence[BaseRoute]:
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
        said = Utterance(row.key, words, user, chat=user, address=user, private=True, sent_at=created)
        try:
            await self._session.take(said, _AppSurface(self, row.key, user))
        except CredentialsRefusedError as refusal:
            raise bad_app(refusal) from refusal
        # Whoever gets no word need not wait for one.
        self._waiting.give(row.key, "")

    async def apologise(self, row: InboxRow) -> None:
        """Say in one line that something went wrong, with the number to ask about."""
        user = _read(row)[0]
        try:
            await self.send(row.key, user, (say("chat.sorry", id=request_id(CHANNEL, row.key)),))
        except (WeComRefusedError, AwayError) as error:
            _log.warning("wecom.no_apology", reason=str(error))

    async def tidy(self) -> None:
        """Let old conversations expire."""
        await self._session.tidy()

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
        if self._departments is not None:
            await self._departments.close()

    async def send(self, key: str, user: str, texts: Sequence[str]) -> None:
        """Answer passively while the callback is open (one message, as text: all it can carry), else actively."""
        passive = texts[0] if len(texts) == 1 else ""
        if self._waiting.give(key, plain(passive)) and passive:
            return
        for text in texts:
            await self._deliver(user, text)

    async def show_picture(self, user: str, answer: Answer) -> None:
        """Send the picture that a member has asked for."""
        await show_picture(answer, partial(self._api.send_image, user), partial(self._deliver, user))

    async def show_file(self, user: str, answer: Answer) -> None:
        """Send the file that a member has asked for."""
        await show_file(answer, partial(self._api.send_file, user), partial(self._deliver, user))

    async def _deliver(self, user: str, markdown: str) -> None:
        delivery = await self._api.send(user, self._written(markdown), self._markup)
        if delivery.invalid:
            _log.warning("wecom.members_invalid", count=len(delivery.invalid))

    def _written(self, markdown: str) -> str:
        return plain(markdown) if self._markup is AppMarkup.TEXT else markdown


@dataclass(frozen=True, slots=True)
class _AppSurface(Surface):
    """A member's chat with the app."""

    channel: AppChannel
    key: str
    user: str

    async def tell(self, line: str) -> None:
        """Say one line."""
        await self.channel.send(self.key, self.user, (line,))

    async def show(self, exchange: Exchange) -> Presented:
        """Send the answer."""
        most = min(APP_MARKDOWN_BYTES, APP_TEXT_BYTES)
        reply = lay_out(exchange.answer, exchange.after, _MARKUP, most, group=False)
        await self.channel.send(self.key, self.user, reply.with_hint)
        return Presented(reply.after)

    async def show_picture(self, answer: Answer) -> None:
        """Send the picture; one line where there is none."""
        await self.channel.show_picture(self.user, answer)

    async def show_file(self, answer: Answer) -> None:
        """Send the file; one line where there is none."""
        await self.channel.show_file(self.user, answer)


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
