"""The self-built app as a channel: callbacks into the inbox, answers passively in time, else by message/send."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from bot.channels.wecom.card import Card, new_card, read_key
from bot.channels.wecom.errors import AwayError, CredentialsRefusedError, WeComRefusedError
from bot.channels.wecom.layout import Reply, lay_out
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
from bot.store.shown import new_button
from bot.store.text import KEY_CHARACTERS, fit
from bot.turns import request_id

CHANNEL = "wecom-app"
GROUP_CHAT = "chat:"
"""Before the chatid of a group chat that the app itself created: a conversation that can be pushed to."""
_ANSWER_WITHIN = CALLBACK_WITHIN - 1.0
_ENTERING = frozenset({"enter_agent", "subscribe"})
_ENTERED = "enter:"
_PRESSED = "template_card_event"
"""90240: a button of a card was pressed."""
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
        kept = _kept_of(message)
        if kept is None:
            _log.info("wecom.event_ignored", kind=message.kind, event_name=message.event)
            return ""
        key = _key(message)
        update = Update(key, message.user, msgspec.json.encode(kept).decode())
        if kept.button:
            # A press is answered by messages of its own: the callback of a card takes no text.
            await _keep(accept, update)
            return ""
        given = self._waiting.given(key)
        if given is not None and not key.startswith(_ENTERED):
            return given
        with self._waiting.place(key) as answer:
            await _keep(accept, update)
            # Another replica that holds the lease answers actively: nothing will come here.
            seconds = _ANSWER_WITHIN if self._answering else 0.0
            await asyncio.wait((answer, gone), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() else ""

    async def handle(self, row: InboxRow) -> None:
        """Answer a message, or what a button says."""
        kept = _read(row)
        surface = _AppSurface(self, row.key, kept.user)
        said = Utterance(row.key, kept.words, kept.user, kept.user, kept.user, private=True, again=row.attempts > 0)
        try:
            if kept.button:
                button = await self._session.screen.button(kept.button)
                if button is None or button.chat != kept.user:
                    await surface.tell(say("chat.expired"))
                    await self._session.end(row.key)
                    return
                said = replace(said, words=button.say, pressed=True, state=button.state)
            else:
                said = replace(said, sent_at=kept.created)
            await self._session.take(said, surface)
        except CredentialsRefusedError as refusal:
            raise bad_app(refusal) from refusal
        # Whoever gets no word need not wait for one.
        self._waiting.give(row.key, "")

    async def apologise(self, row: InboxRow) -> None:
        """Say in one line that something went wrong, with the number to ask about."""
        user = _read(row).user
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

    async def make_card(self, key: str, user: str, reply: Reply) -> Card | None:
        """Return the buttons of an answer, which are kept already; None where there are none, or no room for them."""
        # Personal WeChat, for which the text is plain, shows no cards.
        if self._markup is AppMarkup.TEXT or not reply.choices or self._api.left(user) <= notices.RESERVE:
            return None
        buttons = [new_button(user, choice.say, reply.after) for choice in reply.choices]
        await self._session.screen.keep_buttons(buttons)
        digest = hashlib.blake2b(f"card:{key}".encode(), digest_size=16).hexdigest()
        return new_card(digest, reply.title, [choice.label for choice in reply.choices], buttons)

    async def send_card(self, user: str, card: Card) -> None:
        """Send the buttons below an answer; without them the answer still stands, and words can be typed."""
        try:
            await self._api.send_card(user, card)
        except (WeComRefusedError, AwayError) as error:
            _log.warning("wecom.no_card", reason=str(error))

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
        card = await self.channel.make_card(self.key, self.user, reply)
        await self.channel.send(self.key, self.user, reply.with_hint if card is None else reply.texts)
        if card is not None:
            await self.channel.send_card(self.user, card)
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


class _Kept(msgspec.Struct, array_like=True):
    """A row's payload."""

    user: str
    created: int
    words: str
    button: str = ""
    """The token of the button that was pressed; empty for words."""


def _read(row: InboxRow) -> _Kept:
    try:
        return msgspec.json.decode(row.payload, type=_Kept)
    except msgspec.DecodeError as error:
        raise UnreadableUpdateError(type(error).__name__) from error


def _kept_of(message: AppMessage) -> _Kept | None:
    """Return what a message or an event says; None where nothing is to be said."""
    kept = _Kept(message.user, message.created, message.text)
    if message.kind != "event":
        return kept
    if message.event == _PRESSED:
        pressed = read_key("", message.event_key)
        kept.button = pressed.token if pressed else "?"
    elif message.event == "click":
        kept.words = message.event_key
    elif message.event in _ENTERING:
        kept.words = say("say.help")
    else:
        return None
    return kept


def _key(message: AppMessage) -> str:
    """Return the row's key: the same for all tries, and for all times a member enters on one day."""
    if message.kind == "event" and message.event in _ENTERING:
        return fit(f"{_ENTERED}{message.user}:{message.created // _DAY}", KEY_CHARACTERS)
    return fit(message.id, KEY_CHARACTERS)
