"""The AI bot as a channel: members' words into the inbox, answers out as streams, buttons as template cards."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.answering.answer import Answer
from bot.channels.base import Accept, Channel, UnreadableUpdateError
from bot.channels.context import ChannelContext
from bot.channels.wecom import notices
from bot.channels.wecom.aibot.card import new_card, read_key
from bot.channels.wecom.aibot.client import AibotClient, KickedError
from bot.channels.wecom.aibot.frames import AibotMessage, Callback, Chat, Entered, Press, UnreadableFrame
from bot.channels.wecom.aibot.outgoing import AibotSender, Ticket, steady_id
from bot.channels.wecom.aibot.quotes import name_of, shown_of
from bot.channels.wecom.app.departments import Departments
from bot.channels.wecom.backoff import Backoff
from bot.channels.wecom.desk import Asked, Desk, awake
from bot.channels.wecom.errors import AwayError, WeComRefusedError
from bot.channels.wecom.layout import Reply, lay_out
from bot.channels.wecom.limits import AIBOT_NOTICES, EVENT_REPLY_WITHIN, STREAM_BYTES
from bot.channels.wecom.pictures import push_picture, show_picture
from bot.conversation.manners import is_acknowledgement
from bot.messages import say
from bot.notices.sending import LaterError
from bot.query.chat_state import ChatState
from bot.render.wecom import WeComMarkdown, plain
from bot.store.inbox import InboxRow, Update
from bot.store.shown import new_button
from bot.store.text import KEY_CHARACTERS, fit
from bot.turns import request_id

CHANNEL = "wecom-aibot"
SLOW = 1.0
"""Seconds after which a member is told that the answer is being looked for."""
_AWAY = (60.0, 600.0)
"""First and longest pause of a bot that another connection has replaced."""
_DATABASE = (0.5, 10.0)
"""First and longest pause while the inbox can't be written."""
_TAPPING = 10.0
"""Seconds within which a second tap on a button whose answer is under way is the same wish."""
_RESERVE = 5
"""Messages of a minute that are kept for answers: below, buttons become words to type."""

_log = structlog.get_logger(__name__)


class AibotChannel(Channel):
    """One AI bot."""

    name = CHANNEL
    notice_pace = AIBOT_NOTICES

    def __init__(self, context: ChannelContext, client: AibotClient, departments: Departments | None = None) -> None:
        """Take the settings from ``context``; connect to nothing yet."""
        self._desk = Desk(context, CHANNEL, departments)
        self._screen = self._desk.screen
        self._button_days = context.settings.button_days
        self._client = client
        self._outgoing = AibotSender(client)
        self._markup = WeComMarkdown()
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
        await self._screen.forget(self._button_days)
        await self._desk.tidy()

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
            await self._sender(callback, row)(say("wecom.sorry", id=request_id(CHANNEL, row.key)))
        except (WeComRefusedError, AwayError) as error:
            _log.warning("wecom.no_apology", reason=str(error))

    async def push(self, conversation: str, answer: Answer) -> None:
        """Push an answer to a conversation, named as in the inbox. AwayError is worth another try."""
        chat = _chat(conversation)
        reply = lay_out(answer, ChatState(), self._markup, STREAM_BYTES, group=chat.group)
        for text in reply.with_hint:
            await self._outgoing.push(chat, text)

    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send one message unasked to a conversation, named as in the inbox."""
        if not self._client.is_connected:
            raise LaterError("no connection", 1.0)
        to = _chat(chat)
        notices.check_room(self._outgoing.left(to), self._outgoing.wait(to))
        try:
            await self._outgoing.push_once(to, notices.write(notice, self._markup, STREAM_BYTES))
        except (AwayError, WeComRefusedError) as error:
            raise notices.outcome(error) from error
        return ""

    async def send_picture(self, chat: str, notice: Answer) -> None:
        """Send the picture of a notice, where the limits leave room."""
        to = _chat(chat)
        await push_picture(notice, partial(self._outgoing.push_image, to), self._outgoing.left(to))

    async def close(self) -> None:
        """Drop what is done aside; the connection ends with ``receive``."""
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)
        await self._desk.close()

    async def _take(self, callbacks: Sequence[Callback], accept: Accept) -> None:
        updates: list[Update] = []
        for callback in callbacks:
            match callback:
                case Entered():
                    self._do_aside(self._welcome(callback))
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
                text = say("wecom.not_allowed")
                if await self._desk.admits(entered.user):
                    answer, after = await self._desk.asker.ask(say("say.help"), ChatState())
                    text = plain(self._lay_out(answer, after, entered.chat).with_hint[0])
                await self._client.welcome(entered.req_id, text)
        except (WeComRefusedError, OSError) as error:
            _log.info("wecom.no_welcome", reason=str(error))

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
            await self._desk.end(row)
            return
        words = message.text or message.quoted
        asked = Asked(message.user, message.chat.id, message.chat.group, words, message.created)
        if await self._turned_away(asked, message, row):
            return
        asking = asyncio.create_task(self._ask(asked, message))
        try:
            done, _ = await asyncio.wait([asking], timeout=SLOW)
            if not done:
                line = say("wecom.working") if self._desk.asker.is_open else say("wecom.preparing")
                await self._outgoing.working(_ticket(message, row), line)
            before, answer, after = await asking
        finally:
            asking.cancel()
        reply = self._lay_out(answer, after, message.chat)
        await self._send(reply, message, row)
        await self._desk.keep(row, asked, reply.after, shown_of(message.chat.id, words, before, reply))
        if answer.picture:
            await self._show_picture(message.chat, answer)

    async def _ask(self, asked: Asked, message: AibotMessage) -> tuple[ChatState, Answer, ChatState]:
        """Answer a message, which may be about another one; returns the state it was said in as well."""
        quoted = message.quoted if message.text else ""
        shown = await self._screen.message(message.chat.id, name_of(quoted)) if quoted else None
        before = await self._desk.about(asked, quoted, shown)
        return before, *await self._desk.ask(asked, _conversation(message.chat), before)

    async def _answer_press(self, press: Press, row: InboxRow) -> None:
        pressed = read_key(press.task_id, press.key)
        button = await self._screen.button(pressed.token) if pressed else None
        if button is None or button.chat != press.chat.id:
            await self._outgoing.push(press.chat, say("wecom.expired"))
            await self._desk.end(row)
            return
        asked = Asked(press.user, press.chat.id, press.chat.group, button.say, 0)
        if await self._turned_away(asked, press, row):
            return
        answer, after = await self._desk.ask(asked, _conversation(press.chat), awake(button.state))
        if answer.picture:
            # The words stand above the card that was pressed.
            await self._desk.keep(row, asked, after)
            await self._show_picture(press.chat, answer)
            return
        reply = self._lay_out(answer, after, press.chat)
        await self._send(reply, press, row)
        await self._desk.keep(row, asked, reply.after, shown_of(press.chat.id, button.say, button.state, reply))

    async def _show_picture(self, chat: Chat, answer: Answer) -> None:
        await show_picture(answer, partial(self._outgoing.push_image, chat), partial(self._outgoing.push, chat))

    async def _turned_away(self, asked: Asked, callback: AibotMessage | Press, row: InboxRow) -> bool:
        """Answer with one line, or none, who may not ask now; False for the others."""
        line = await self._desk.refusal(asked)
        if line:
            await self._sender(callback, row)(line)
        if line is not None:
            await self._desk.end(row)
        return line is not None

    def _sender(self, callback: AibotMessage | Press, row: InboxRow) -> Callable[[str], Awaitable[None]]:
        """Return what carries an answer: a message has its own stream, a press only takes a card's change."""
        if isinstance(callback, AibotMessage):
            return partial(self._outgoing.answer, _ticket(callback, row))
        return partial(self._outgoing.push, callback.chat)

    async def _send(self, reply: Reply, callback: AibotMessage | Press, row: InboxRow) -> None:
        chat = callback.chat
        buttons = bool(reply.choices) and self._outgoing.left(chat) > _RESERVE
        first, *more = reply.texts if buttons else reply.with_hint
        await self._sender(callback, row)(first)
        for text in more:
            await self._outgoing.push(chat, text)
        if buttons:
            await self._send_card(reply, chat, row)

    def _lay_out(self, answer: Answer, after: ChatState, chat: Chat) -> Reply:
        return lay_out(answer, after, self._markup, STREAM_BYTES, group=chat.group)

    async def _send_card(self, reply: Reply, chat: Chat, row: InboxRow) -> None:
        """Send the buttons below an answer; without them the answer still stands, and words can be typed."""
        buttons = [new_button(chat.id, choice.say, reply.after) for choice in reply.choices]
        await self._screen.keep_buttons(buttons)
        labels = [choice.label for choice in reply.choices]
        try:
            await self._outgoing.push_card(chat, new_card(steady_id("card", row.key), reply.title, labels, buttons))
        except (WeComRefusedError, AwayError) as error:
            _log.warning("wecom.no_card", reason=str(error))


def _ticket(message: AibotMessage, row: InboxRow) -> Ticket:
    return Ticket(message, row.key, row.received_at, row.attempts)


def _tap(press: Press) -> tuple[str, str, str]:
    return press.task_id, press.key, press.user


def _callback(row: InboxRow) -> AibotMessage | Press:
    try:
        return msgspec.json.decode(row.payload, type=AibotMessage | Press)
    except msgspec.DecodeError as error:
        raise UnreadableUpdateError(type(error).__name__) from error


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
