"""What every handler works with: the store's parts, the gate, and the way from words to a card on the screen."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.answering.answer import Answer
from bot.channels.telegram.address import Spot
from bot.channels.telegram.card import TelegramCard, make_caption
from bot.channels.telegram.outgoing import TelegramSender
from bot.conversation.asking import Asker
from bot.conversation.chat_access import ChatAccess
from bot.conversation.pictures import picture_of
from bot.messages import say
from bot.notices.subscription_commands import CommandContext, SubscriptionCommands
from bot.query.chat_state import ChatState
from bot.store.chats import Chats
from bot.store.conversations import Conversation, Conversations
from bot.store.database import Store
from bot.store.inbox import Inbox
from bot.store.shown import Screen, Shown

CHANNEL = "telegram"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class View:
    """One turn of a conversation: what was said in which state, and the answer's card."""

    said: str
    before: ChatState
    answer: Answer
    card: TelegramCard


@dataclass(frozen=True, slots=True)
class Desk:
    """The bot's own things, one set a connection."""

    bot: Bot
    store: Store
    inbox: Inbox
    talks: Conversations
    chats: Chats
    screen: Screen
    gate: ChatAccess
    asker: Asker
    outgoing: TelegramSender
    subscriptions: SubscriptionCommands
    operators: frozenset[str]
    """Who may announce."""
    albums: deque[str] = field(default_factory=lambda: deque(maxlen=100))
    """Albums of which a photo without words has been answered."""
    waiting: set[str] = field(default_factory=set)
    """Chats that were told to wait until the plans are there."""
    ended: set[str] = field(default_factory=set)
    """Updates that a handler has marked as done, until ``handle`` takes note of it."""

    async def state_at(self, spot: Spot) -> ChatState:
        """Return the conversation's state with the chat's own district."""
        state = await self.talks.load(Conversation(CHANNEL, spot.chat, spot.conversation))
        return await self.with_district(state, spot.chat)

    async def with_district(self, state: ChatState, chat: str) -> ChatState:
        """Return ``state`` with the district that is set for ``chat``."""
        return replace(state, district=(await self.chats.load(chat)).district)

    async def order(self, words: str, spot: Spot, state: ChatState) -> Answer | None:
        """Carry out an order about notices; None when the words are none."""
        where = CommandContext(
            CHANNEL,
            spot.address,
            spot.person,
            state.district,
            may_change=lambda: self.outgoing.is_admin(spot),
            operator=spot.person in self.operators,
        )
        return await self.subscriptions.answer(words, where)

    async def show_new(self, spot: Spot, view: View, update: str) -> None:
        """Send a card as the answer to ``spot``; what it changes is kept together with the update's end."""
        await self.screen.keep_buttons(view.card.all_buttons())
        message = await self.outgoing.send(spot, view.card.text, view.card.keyboard)
        await self._keep(
            spot, Shown(spot.chat, message, spot.message, view.before, *_now(view), view.card.digest), update
        )

    async def show_again(self, spot: Spot, shown: Shown, view: View, update: str) -> None:
        """Change a message of the bot to another card, unless it looks and does the same already."""
        now = replace(shown, said=view.said, before=view.before, after=view.card.after, digest=view.card.digest)
        if view.card.digest != shown.digest:
            await self.screen.keep_buttons(view.card.all_buttons())
            await self.outgoing.edit(shown.chat, shown.message, view.card.text, view.card.keyboard)
        await self._keep(spot, now, update)

    async def show_picture(self, spot: Spot, answer: Answer) -> None:
        """Send the picture of an answer whose words stand there already; told in one line when it does not come.

        The update has ended before: nothing that goes wrong here has the words sent again.
        """
        picture = await picture_of(answer)
        try:
            if isinstance(picture, str):
                await self.outgoing.send(spot, picture)
            else:
                await self.outgoing.send_photo(spot, picture.png, make_caption(answer))
        except TelegramError as error:
            log.warning("a picture could not be sent", reason=str(error))
            with suppress(TelegramError):
                await self.outgoing.send(spot, say("card.not_sent"))

    async def tell(self, spot: Spot, text: str, update: str) -> None:
        """Send one line that nothing hangs on."""
        await self.outgoing.send(spot, text)
        await self.end(update)

    async def end(self, update: str) -> None:
        """Mark an update as done."""
        async with self.store.begin() as tx:
            await self.inbox.done(update, tx)
        self.ended.add(update)

    async def _keep(self, spot: Spot, shown: Shown, update: str) -> None:
        async with self.store.begin() as tx:
            if shown.message:
                # One that was sent and never confirmed has no id: it can't be changed any more.
                await self.screen.keep(shown, tx)
            await self.talks.save(Conversation(CHANNEL, spot.chat, spot.conversation), shown.after, tx)
            await self.inbox.done(update, tx)
        self.ended.add(update)


def awake(state: ChatState) -> ChatState:
    """Return ``state`` as if asked now: who presses a button or edits a question means that very message."""
    return replace(state, asked_at=time.time()) if state.query else state


def _now(view: View) -> tuple[str, ChatState, ChatState]:
    return view.said, view.before, view.card.after
