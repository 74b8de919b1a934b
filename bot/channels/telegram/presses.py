"""Pressed buttons: each says its words in the state that its message was made with, and changes that message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Message

from bot.answering.answer import Answer
from bot.channels.telegram.address import Spot, spot_of
from bot.channels.telegram.card import Back, opens_entry
from bot.channels.telegram.outgoing import TelegramSender
from bot.channels.telegram.surface import ChatSurface
from bot.conversation.session import ChatSession
from bot.conversation.surface import Exchange, Presented, Utterance
from bot.messages import say
from bot.notices.subscription_commands import read_command
from bot.store.shown import Button, Shown

_COUNTED, _EVERY = 3, 5
"""The count on a button follows each of the first and then every fifth press: a group's messages are few a minute."""

Command = Callable[[str], Awaitable[Answer | None]]
"""Carries out a command about notices for who has pressed."""


class Presses:
    """Answers callback queries."""

    def __init__(self, session: ChatSession, sender: TelegramSender) -> None:
        """Answer presses as the session answers what is typed."""
        self._session = session
        self._sender = sender
        self._told_to_wait: set[str] = set()

    async def on_press(self, query: CallbackQuery, key: str) -> None:
        """Answer one press; an expired button says so. Ends the inbox row ``key``."""
        message = query.message
        button = await self._session.screen.button(query.data or "")
        if not isinstance(message, Message) or button is None or button.chat != str(message.chat.id):
            await self._sender.answer_press(query, say("chat.expired"), alert=True)
            await self._session.end(key)
            return
        spot = replace(spot_of(message, query.from_user.id), message=str(message.message_id))
        said = _utterance(button, spot, key, query.from_user.full_name)
        shown = await self._session.screen.message(spot.chat, spot.message)
        surface: PressSurface

        async def command(words: str) -> Answer | None:
            return await self._session.subscription(words, said, button.state, surface)

        surface = PressSurface(
            spot, self._sender, self._session.screen, self._told_to_wait, query, button, shown, command
        )
        await self._session.take(said, surface)


def _utterance(button: Button, spot: Spot, key: str, name: str) -> Utterance:
    return Utterance(
        key=key,
        words=button.say,
        person=spot.person,
        chat=spot.chat,
        address=spot.address,
        private=spot.private,
        conversation=spot.conversation,
        pressed=True,
        state=button.state,
        name=name,
    )


@dataclass(frozen=True, slots=True)
class PressSurface(ChatSurface):
    """The message under which a button was pressed, and the box that tells the presser alone."""

    query: CallbackQuery
    button: Button
    shown: Shown | None
    """What the message shows; None where that is not known any more."""
    command: Command

    async def tell(self, line: str) -> None:
        """Say one line in a box."""
        await self.sender.answer_press(self.query, line, alert=True)

    async def show(self, exchange: Exchange) -> Presented:
        """Change the message; a remark leaves it as it is and is told in a box."""
        if exchange.is_remark:
            presented = await self._show_what_is_left()
            await self.tell(exchange.answer.headline)
            return presented
        before = exchange.before
        shown = self.shown or Shown(self.spot.chat, self.spot.message, "", before, "", before, before, "")
        back = None
        if opens_entry(exchange.answer, self.button.say) and shown.said and shown.said != self.button.say:
            back = Back(shown.said, shown.before)
        presented = await self.change(shown, exchange, back)
        await self.sender.answer_press(self.query)
        return presented

    async def show_picture(self, answer: Answer) -> None:
        """Send the picture; the words stand above the button, whichever page of them."""
        await self.sender.answer_press(self.query)
        await ChatSurface.show_picture(self, answer)

    async def show_file(self, answer: Answer) -> None:
        """Send the file; the words stand above the button."""
        await self.sender.answer_press(self.query)
        await ChatSurface.show_file(self, answer)

    async def show_receipt(self, line: str, count: int, *, private: bool) -> None:
        """Tell the presser alone, and everybody by the count on the button."""
        await self.sender.answer_press(self.query, line)
        message = self.query.message
        if count and isinstance(message, Message) and (private or count <= _COUNTED or count % _EVERY == 0):
            await self.sender.relabel(message, self.button.token, line)

    async def _show_what_is_left(self) -> Presented:
        """Take what is no longer followed off the list that the button stands under."""
        shown = self.shown
        words, above = read_command(self.button.say), read_command(shown.said) if shown else None
        if shown is None or above is None or words is None or (above[0], words[0]) != ("following", "unfollow"):
            return Presented(None)
        left = await self.command(shown.said)
        if left is None:
            return Presented(None)
        return await self.change(shown, Exchange(shown.said, shown.before, left, shown.after, by_command=True))
