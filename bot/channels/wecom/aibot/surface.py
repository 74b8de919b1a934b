"""Shows answers in a conversation with the AI bot: as a message's stream or as pushes, with a card below."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog

from bot.answering.answer import Answer
from bot.channels.dispatch import wait
from bot.channels.wecom.aibot.frames import Chat
from bot.channels.wecom.aibot.outgoing import AibotSender, Ticket, feedback_id, steady_id
from bot.channels.wecom.aibot.quotes import shown_of
from bot.channels.wecom.card import Card, new_card
from bot.channels.wecom.errors import AwayError, WeComRefusedError
from bot.channels.wecom.layout import Reply, lay_out
from bot.channels.wecom.limits import STREAM_BYTES
from bot.channels.wecom.pictures import show_file, show_picture
from bot.conversation.surface import Exchange, Presented, Surface
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.render.wecom import WeComMarkdown
from bot.store.shown import Screen, new_button

SLOW = 1.0
"""Seconds after which a member is told that the answer is being looked for."""
MARKUP = WeComMarkdown()
_RESERVE = 5
"""Messages of a minute that are kept for answers: below, buttons become words to type."""

_log = structlog.get_logger(__name__)


def lay_out_for(chat: Chat, answer: Answer, after: ChatState) -> Reply:
    """Lay out an answer for where it will stand."""
    return lay_out(answer, after, MARKUP, STREAM_BYTES, group=chat.group)


@dataclass(frozen=True, slots=True)
class ConversationSurface(Surface):
    """A conversation that is pushed to: a press only takes a card's change."""

    chat: Chat
    key: str
    """Of the inbox row that is answered."""
    sender: AibotSender
    screen: Screen

    async def tell(self, line: str) -> None:
        """Say one line."""
        await self.sender.push(self.chat, line)

    async def show(self, exchange: Exchange) -> Presented:
        """Send the answer, and its buttons as a card while the limits leave room."""
        reply = lay_out_for(self.chat, exchange.answer, exchange.after)
        card = await self._make_card(reply) if self.sender.left(self.chat) > _RESERVE else None
        first, *more = reply.with_hint if card is None else reply.texts
        # A card stands below the last of the messages.
        shown = await self._open(first, None if more else card)
        for text in more:
            await self.sender.push(self.chat, text)
        if card is not None and not shown:
            await self._push_card(card)
        return Presented(reply.after, shown_of(self.chat.id, exchange.said, exchange.before, reply, self._feedback))

    async def show_picture(self, answer: Answer) -> None:
        """Push the picture; one line where there is none."""
        await show_picture(answer, partial(self.sender.push_image, self.chat), partial(self.sender.push, self.chat))

    async def show_file(self, answer: Answer) -> None:
        """Push the file; one line where there is none."""
        await show_file(answer, partial(self.sender.push_file, self.chat), partial(self.sender.push, self.chat))

    async def _open(self, text: str, card: Card | None) -> bool:  # noqa: ARG002 - for a stream, which can carry one
        """Send the first message; returns whether ``card`` went out with it."""
        await self.tell(text)
        return False

    @property
    def _feedback(self) -> str:
        """The id under which members say what they think of the answer; empty where they can't."""
        return ""

    async def _make_card(self, reply: Reply) -> Card | None:
        """Return the buttons below an answer, which are kept already; None where there are none."""
        if not reply.choices:
            return None
        buttons = [new_button(self.chat.id, choice.say, reply.after) for choice in reply.choices]
        await self.screen.keep_buttons(buttons)
        labels = [choice.label for choice in reply.choices]
        return new_card(steady_id("card", self.key), reply.title, labels, buttons)

    async def _push_card(self, card: Card) -> None:
        """Send the buttons on their own; without them the answer still stands, and words can be typed."""
        try:
            await self.sender.push_card(self.chat, card)
        except (WeComRefusedError, AwayError) as error:
            _log.warning("wecom.no_card", reason=str(error))


@dataclass(frozen=True, slots=True)
class MessageSurface(ConversationSurface):
    """A message, which has a stream of its own."""

    ticket: Ticket

    async def tell(self, line: str) -> None:
        """Finish the stream with ``line``."""
        await self.sender.answer(self.ticket, line)

    async def _open(self, text: str, card: Card | None) -> bool:
        """Finish the stream, with the card in the same bubble."""
        return await self.sender.answer(self.ticket, text, card)

    @property
    def _feedback(self) -> str:
        return feedback_id(self.key)

    @asynccontextmanager
    async def working(self, *, preparing: bool) -> AsyncIterator[None]:
        """Say in the stream that the answer is being looked for, once that has taken a moment."""
        there = asyncio.Event()
        telling = asyncio.create_task(
            self._tell_if_slow(there, say("chat.preparing" if preparing else "wecom.working"))
        )
        try:
            yield
        finally:
            there.set()
            # What is on its way must not arrive after the answer.
            await telling

    async def _tell_if_slow(self, there: asyncio.Event, line: str) -> None:
        if not await wait(there, SLOW):
            await self.sender.working(self.ticket, line)
