"""Pressed buttons: each says its words in the state that its message was made with, and changes that message."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.channels.telegram.address import Spot, spot_of
from bot.channels.telegram.card import Back, make_card, opens_entry
from bot.channels.telegram.commands import Commands, read_words
from bot.channels.telegram.desk import Desk, View, awake
from bot.conversation.chat_access import AskingPace
from bot.messages import say
from bot.notices.subscription_commands import read_command
from bot.store.shown import Button, Shown


@dataclass(frozen=True, slots=True)
class Presses:
    """Answers callback queries."""

    desk: Desk
    commands: Commands

    async def on_press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer one press; an expired button says so."""
        query = update.callback_query
        if query is None:
            return
        message = query.message
        button = await self.desk.screen.button(query.data or "")
        if not isinstance(message, Message) or button is None or button.chat != str(message.chat.id):
            await self.desk.outgoing.answer_press(query, say("telegram.expired"), alert=True)
            return
        spot = replace(spot_of(message, query.from_user.id), message=str(message.message_id))
        refusal = await self._refusal(button, spot)
        if refusal:
            await self.desk.outgoing.answer_press(query, refusal, alert=True)
            return
        # An order leaves the answer above it as it is, and is told in a box.
        ordered = await self.desk.order(button.say, spot, button.state) if read_command(button.say) else None
        if ordered is not None and not ordered.choices:
            await self._show_what_is_left(button, spot, str(update.update_id))
            await self.desk.outgoing.answer_press(query, ordered.headline, alert=True)
            return
        await self._turn(button, spot, str(update.update_id))
        await self.desk.outgoing.answer_press(query)

    async def _refusal(self, button: Button, spot: Spot) -> str:
        """Return why this press changes nothing, empty when it may; a press is always told, in a box of its own."""
        if not await self.desk.gate.admits(spot.person, spot.chat):
            return say("telegram.not_allowed")
        if self.commands.changes_chat(read_words(button.say)) and not await self.desk.outgoing.is_admin(spot):
            return say("telegram.admins_only")
        return "" if self.desk.gate.pace(spot.person) is AskingPace.FINE else say("telegram.too_often")

    async def _show_what_is_left(self, button: Button, spot: Spot, update: str) -> None:
        """Take what is no longer followed off the list that the button stands under."""
        shown = await self.desk.screen.message(spot.chat, spot.message)
        words, above = read_command(button.say), read_command(shown.said) if shown else None
        if shown is None or above is None or words is None or (above[0], words[0]) != ("following", "unfollow"):
            return
        left = await self.desk.order(shown.said, spot, button.state)
        if left is not None:
            view = View(shown.said, shown.before, left, make_card(left, shown.after, spot))
            await self.desk.show_again(spot, shown, view, update)

    async def _turn(self, button: Button, spot: Spot, update: str) -> None:
        before = awake(button.state)
        asked = read_words(button.say)
        answer, after = await self.commands.answer(asked, spot, before, lambda: self.desk.outgoing.typing(spot))
        if answer.picture:
            # The words stand above it, whichever page of them.
            await self.desk.end(update)
            await self.desk.show_picture(spot, answer)
            return
        shown = await self.desk.screen.message(spot.chat, spot.message)
        if shown is None:
            shown = Shown(spot.chat, spot.message, "", before, "", before, before, "")
        back = None
        if opens_entry(answer, button.say) and shown.said and shown.said != button.say:
            back = Back(shown.said, shown.before)
        view = View(button.say, before, answer, make_card(answer, after, spot, back))
        await self.desk.show_again(spot, shown, view, update)
