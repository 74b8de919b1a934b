"""The AI bot as a channel: members' words into the inbox, answers out as streams, buttons as template cards."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from functools import partial

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.answering.answer import Answer
from bot.backoff import Backoff
from bot.channels.base import Accept, NoticeSender, Receiver, UnreadableUpdateError
from bot.channels.context import ChannelContext
from bot.channels.wecom import notices
from bot.channels.wecom.access import make_access
from bot.channels.wecom.aibot.client import AibotClient, KickedError
from bot.channels.wecom.aibot.files import fetch_file
from bot.channels.wecom.aibot.frames import AibotMessage, Callback, Chat, Entered, Feedback, Press, UnreadableFrame
from bot.channels.wecom.aibot.outgoing import AibotSender, Ticket, steady_id
from bot.channels.wecom.aibot.quotes import name_of
from bot.channels.wecom.aibot.surface import MARKUP, ConversationSurface, MessageSurface, lay_out_for
from bot.channels.wecom.app.departments import Departments
from bot.channels.wecom.card import Card, new_card, read_key
from bot.channels.wecom.errors import AwayError, WeComRefusedError
from bot.channels.wecom.limits import AIBOT_NOTICES, EVENT_REPLY_WITHIN, INACCURATE, STREAM_BYTES
from bot.channels.wecom.pictures import push_picture
from bot.conversation.manners import is_acknowledgement
from bot.conversation.plan_intake import FILE_BYTES, SentFile
from bot.conversation.surface import Utterance
from bot.isolation import stop_tasks
from bot.messages import say
from bot.notices.sending import LaterError
from bot.query.chat_state import ChatState
from bot.render.wecom import plain
from bot.store.inbox import InboxRow, Update
from bot.store.shown import new_button
from bot.store.text import KEY_CHARACTERS, fit
from bot.turns import request_id

CHANNEL = "wecom-aibot"
_AWAY = (60.0, 600.0)
"""First and longest pause of a bot that another connection has replaced."""
_DATABASE = (0.5, 10.0)
"""First and longest pause while the inbox can't be written."""
_TAPPING = 10.0
"""Seconds within which a second tap on a button whose answer is under way is the same wish."""

_log = structlog.get_logger(__name__)


class AibotChannel(Receiver, NoticeSender):
    """One AI bot."""

    name = CHANNEL
    notice_pace = AIBOT_NOTICES

    def __init__(self, context: ChannelContext, client: AibotClient, departments: Departments | None = None) -> None:
        """Take the settings from ``context``; connect to nothing yet."""
        settings = context.settings
        self._departments = departments
        access = make_access(context, CHANNEL, departments)
        self._session = context.session(CHANNEL, access, settings.wecom_admins)
        self._client = client
        self._proxy = settings.wecom_proxy.get_secret_value()
        self._outgoing = AibotSender(client)
        self._aside: set[asyncio.Task[None]] = set()
        self._pressed: deque[str] = deque(maxlen=1000)
        self._pressing: dict[tuple[str, str, str], float] = {}

    @property
    def is_connected(self) -> bool:
        """Whether a subscribed connection is up."""
        return self._client.is_connected

    async def open(self) -> None:
        """Connect to nothing yet: ``receive`` does."""

    async def tidy(self) -> None:
        """Let old buttons and conversations expire."""
        await self._session.tidy()

    async def receive(self, accept: Accept) -> None:
        """Stay connected; a bot that was replaced stays away for a while, and longer each time.

        Should its lease have gone meanwhile, the supervisor ends this, and it waits for its turn like everybody.
        """

        async def take(callbacks: Sequence[Callback]) -> None:
            await self._take(callbacks, accept)

        away = Backoff(*_AWAY)
        while True:
            began = time.monotonic()
            try:
                await self._client.run(take)
            except KickedError:
                if time.monotonic() - began > _AWAY[-1]:
                    away.reset()
                pause = away.pause()
                _log.warning("wecom.aibot_replaced", seconds=round(pause))
                await asyncio.sleep(pause)

    async def handle(self, row: InboxRow) -> None:
        """Answer a message, or what a button says."""
        callback = _callback(row)
        if isinstance(callback, AibotMessage):
            await self._answer_message(callback, row)
            return
        try:
            await self._answer_press(callback, row)
        finally:
            self._pressing.pop(_tap(callback), None)

    async def apologise(self, row: InboxRow) -> None:
        """Say in one line that something went wrong, with the number to ask about."""
        callback = _callback(row)
        try:
            await self._surface(callback, row).tell(say("chat.sorry", id=request_id(CHANNEL, row.key)))
        except (WeComRefusedError, AwayError) as error:
            _log.warning("wecom.no_apology", reason=str(error))

    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send one message unasked to a conversation, named as in the inbox."""
        if not self._client.is_connected:
            raise LaterError("no connection", 1.0)
        to = _chat(chat)
        notices.check_room(self._outgoing.left(to), self._outgoing.wait(to))
        try:
            await self._outgoing.push_once(to, notices.write(notice, MARKUP, STREAM_BYTES))
        except (AwayError, WeComRefusedError) as error:
            raise notices.outcome(error) from error
        return ""

    async def send_picture(self, chat: str, notice: Answer) -> None:
        """Send the picture of a notice, where the limits leave room."""
        to = _chat(chat)
        await push_picture(notice, partial(self._outgoing.push_image, to), self._outgoing.left(to))

    async def close(self) -> None:
        """Drop what is done aside; the connection ends with ``receive``."""
        await stop_tasks(*self._aside)
        if self._departments is not None:
            await self._departments.close()

    async def _take(self, callbacks: Sequence[Callback], accept: Accept) -> None:
        updates: list[Update] = []
        for callback in callbacks:
            match callback:
                case Entered():
                    self._do_aside(self._welcome(callback))
                case Feedback():
                    self._do_aside(self._note(callback))
                case Press():
                    self._do_aside(self._mark(callback))
                    if self._is_first(callback):
                        updates.append(_update(callback))
                case AibotMessage():
                    updates.append(_update(callback))
                case UnreadableFrame():
                    updates.append(Update(callback.id, "unreadable", callback.data, callback.reason))
                case _:
                    pass
        if updates:
            await _keep(updates, accept)

    def _is_first(self, press: Press) -> bool:
        """Whether this is not the second of two quick taps on one button, nor a press that is delivered again."""
        if press.id in self._pressed:
            return False
        self._pressed.append(press.id)
        now = time.monotonic()
        self._pressing = {tap: until for tap, until in self._pressing.items() if until > now}
        first = _tap(press) not in self._pressing
        self._pressing.setdefault(_tap(press), now + _TAPPING)
        return first

    def _do_aside(self, work: Coroutine[None, None, None]) -> None:
        """Do what must not wait its turn: welcomes and card changes have five seconds."""
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _welcome(self, entered: Entered) -> None:
        try:
            async with asyncio.timeout(EVENT_REPLY_WITHIN):
                welcome: str | Card = say("chat.not_allowed")
                if await self._session.access.admits(entered.user, entered.user):
                    welcome = await self._make_welcome(entered)
                await self._client.welcome(entered.req_id, welcome)
        except (WeComRefusedError, OSError) as error:
            _log.info("wecom.no_welcome", reason=str(error))

    async def _make_welcome(self, entered: Entered) -> str | Card:
        """Return what the bot is for, with questions to press where the plans offer some."""
        answer, after = await self._session.asker.ask(say("say.help"), ChatState())
        reply = lay_out_for(entered.chat, answer, after)
        if not reply.choices:
            return plain(reply.with_hint[0])
        buttons = [new_button(entered.chat.id, choice.say, reply.after) for choice in reply.choices]
        await self._session.screen.keep_buttons(buttons)
        labels = [choice.label for choice in reply.choices]
        return new_card(steady_id("welcome", entered.id), say("wecom.card_welcome"), labels, buttons, reply.title)

    async def _note(self, feedback: Feedback) -> None:
        """Keep the question whose answer a member finds wrong, for the operator's list."""
        shown = await self._session.screen.answer_to(feedback.chat.id, feedback.about)
        if shown is not None and feedback.kind == INACCURATE:
            self._session.note_disliked(feedback.user, shown.said)

    async def _mark(self, press: Press) -> None:
        pressed = read_key(press.task_id, press.key)
        if pressed is None:
            return
        try:
            await self._client.update_card(press.req_id, pressed.card())
        except (WeComRefusedError, AwayError) as error:
            _log.info("wecom.card_not_changed", reason=str(error))

    async def _answer_message(self, message: AibotMessage, row: InboxRow) -> None:
        if message.chat.group and is_acknowledgement(message.text):
            await self._session.acknowledge(_utterance(message, row, message.text))
            return
        quoted = message.quoted if message.text else ""
        shown = await self._session.screen.message(message.chat.id, name_of(quoted)) if quoted else None
        said = replace(
            _utterance(message, row, message.text or message.quoted),
            sent_at=message.created,
            state=shown.after if shown is not None else None,
            about=quoted,
            file=self._file(message),
        )
        await self._session.take(said, self._surface(message, row))

    def _file(self, message: AibotMessage) -> SentFile | None:
        sent = message.file
        if sent is None or message.chat.group:
            return None
        return SentFile(0, partial(fetch_file, sent, FILE_BYTES, self._proxy))

    async def _answer_press(self, press: Press, row: InboxRow) -> None:
        pressed = read_key(press.task_id, press.key)
        button = await self._session.screen.button(pressed.token) if pressed else None
        surface = self._surface(press, row)
        if button is None or button.chat != press.chat.id:
            await surface.tell(say("chat.expired"))
            await self._session.end(row.key)
            return
        # Unlike a message's stream, what is pushed is not known as the same when it is sent again.
        again = row.attempts > 0
        said = replace(_utterance(press, row, button.say), pressed=True, state=button.state, again=again)
        await self._session.take(said, surface)

    def _surface(self, callback: AibotMessage | Press, row: InboxRow) -> ConversationSurface:
        sender, screen = self._outgoing, self._session.screen
        if isinstance(callback, AibotMessage):
            ticket = Ticket(callback, row.key, row.received_at, row.attempts)
            return MessageSurface(callback.chat, row.key, sender, screen, ticket)
        return ConversationSurface(callback.chat, row.key, sender, screen)


def _tap(press: Press) -> tuple[str, str, str]:
    return press.task_id, press.key, press.user


def _callback(row: InboxRow) -> AibotMessage | Press:
    try:
        return msgspec.json.decode(row.payload, type=AibotMessage | Press)
    except msgspec.DecodeError as error:
        raise UnreadableUpdateError(type(error).__name__) from error


def _utterance(callback: AibotMessage | Press, row: InboxRow, words: str) -> Utterance:
    chat = callback.chat
    return Utterance(
        key=row.key,
        words=words,
        person=callback.user,
        chat=chat.id,
        address=_conversation(chat),
        private=not chat.group,
        conversation=callback.user if chat.group else "",
    )


def _update(callback: AibotMessage | Press) -> Update:
    return Update(
        fit(callback.id, KEY_CHARACTERS), _conversation(callback.chat), msgspec.json.encode(callback).decode()
    )


async def _keep(updates: Sequence[Update], accept: Accept) -> None:
    """Keep updates in the inbox, however long the database is away: the platform may not send it again."""
    pauses = Backoff(*_DATABASE)
    while True:
        try:
            await accept(updates)
        except (SQLAlchemyError, OSError) as error:
            pause = pauses.pause()
            _log.warning("wecom.inbox_away", error=type(error).__name__, seconds=round(pause, 1))
            await asyncio.sleep(pause)
        else:
            return


def _conversation(chat: Chat) -> str:
    return f"{'group' if chat.group else 'single'}:{chat.id}"


def _chat(conversation: str) -> Chat:
    kind, _, name = conversation.partition(":")
    return Chat(name, kind == "group")
