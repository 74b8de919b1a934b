"""Messages and their edits: what people type."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from telegram import ChatMember, Message, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.channels.telegram import limits
from bot.channels.telegram.address import Asked, Spot, read, spot_of
from bot.channels.telegram.card import make_card
from bot.channels.telegram.commands import Commands
from bot.channels.telegram.desk import CHANNEL, Desk, View, awake
from bot.conversation.chat_access import AskingPace
from bot.conversation.manners import is_acknowledgement
from bot.messages import say
from bot.notices.gone import end_chat, move_chat
from bot.notices.outbox import Outbox
from bot.query.chat_state import ChatState
from bot.store.shown import Shown

_OUTSIDE = {ChatMember.LEFT, ChatMember.BANNED}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Questions:
    """Answers messages."""

    desk: Desk
    commands: Commands

    async def on_message(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message that is for the bot."""
        message = update.message
        if message is None:
            return
        if message.migrate_to_chat_id is not None or message.migrate_from_chat_id is not None:
            # Two service messages tell of one move, one in each chat.
            old = str(message.migrate_from_chat_id or message.chat.id)
            await self._move(old, str(message.migrate_to_chat_id or message.chat.id))
            return
        asked = read(message, self.desk.bot)
        if asked is None or self._needs_nothing(asked, message):
            return
        # In a group an unknown command is likely meant for another bot, unless it names this one.
        if message.chat.type == ChatType.PRIVATE or asked.by_name or self.commands.knows(asked):
            await self._take(asked, message, str(update.update_id))

    def _needs_nothing(self, asked: Asked, message: Message) -> bool:
        """Whether there is nothing to say: to 收到 in a group, and to the photos of an album beside the first."""
        if asked.text and message.chat.type != ChatType.PRIVATE and not asked.command:
            return is_acknowledgement(asked.text)
        album = message.media_group_id
        if not album or asked.text:
            return False
        known = album in self.desk.albums
        self.desk.albums.append(album)
        return known

    async def _move(self, old: str, new: str) -> None:
        async with self.desk.store.begin() as tx:
            await self.desk.chats.move(old, new, tx)
        await move_chat(Outbox(self.desk.store), CHANNEL, old, new)

    async def on_membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Greet a group that has added the bot; end the following of a chat that has thrown it out or blocked it."""
        change = update.my_chat_member
        if change is None:
            return
        before, now = change.old_chat_member.status, change.new_chat_member.status
        if now in _OUTSIDE:
            reason = f"the bot's membership: {now}"
            await end_chat(Outbox(self.desk.store), CHANNEL, str(change.chat.id), reason)
        elif before in _OUTSIDE and change.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}:
            await self._greet(str(change.chat.id), str(change.from_user.id), str(update.update_id))

    async def _greet(self, chat: str, person: str, update: str) -> None:
        """Tell a group how to ask; one that may not ask hears so when somebody tries."""
        if await self.desk.gate.admits(person, chat):
            spot = Spot(chat, None, person, "", private=False)
            await self.desk.tell(spot, say("telegram.group_welcome", name=self.desk.bot.username), update)

    async def on_edit(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer an edited question again, in the message that answered it."""
        message = update.edited_message
        if message is None:
            return
        shown = await self.desk.screen.answer_to(str(message.chat.id), str(message.message_id))
        asked = read(message, self.desk.bot)
        if asked is None and shown is not None:
            asked = Asked((message.text or message.caption or "").strip())
        if asked is not None:
            await self._take(asked, message, str(update.update_id), shown)

    async def too_old(self, message: Message, update: str) -> None:
        """Tell that a message from before the bot was back is not answered any more."""
        if read(message, self.desk.bot) is not None:
            await self.desk.tell(spot_of(message), say("telegram.too_old"), update)

    async def _take(self, asked: Asked, message: Message, update: str, shown: Shown | None = None) -> None:
        spot = spot_of(message)
        if await self._refused(asked, spot, update):
            return
        await self._tell_to_wait(spot)
        if shown is not None:
            before = awake(await self.desk.with_district(shown.asked_in, spot.chat))
        else:
            before = await self._before(message, spot, asked.about)
        answer, after = await self.commands.answer(asked, spot, before, lambda: self.desk.outgoing.typing(spot))
        view = View(asked.said, before, answer, make_card(answer, after, spot))
        if shown is not None:
            await self.desk.show_again(spot, shown, view, update)
        else:
            await self.desk.show_new(spot, view, update)
        if answer.picture:
            await self.desk.show_picture(spot, answer)

    async def _tell_to_wait(self, spot: Spot) -> None:
        """Say once in a chat that answers come when the plans have been read: at the first start that takes a while."""
        if not self.desk.asker.is_open and spot.chat not in self.desk.waiting:
            self.desk.waiting.add(spot.chat)
            await self.desk.outgoing.send(spot, say("telegram.preparing"))

    async def _refused(self, asked: Asked, spot: Spot, update: str) -> bool:
        """Turn away who may not ask, or asks too often, with one line; welcome who brings the invitation code."""
        gate = self.desk.gate
        if gate.is_code(asked.text, spot.person):
            guest = f"user:{spot.person}" if spot.private else f"chat:{spot.chat}"
            async with self.desk.store.begin() as tx:
                await self.desk.chats.invite(guest, tx)
            await self.desk.tell(spot, say("telegram.welcome"), update)
            return True
        if not await gate.admits(spot.person, spot.chat):
            if gate.may_be_refused(spot.person, spot.chat):
                await self.desk.tell(spot, say("telegram.not_allowed"), update)
            return True
        pace = gate.pace(spot.person)
        if pace is AskingPace.TELL:
            await self.desk.tell(spot, say("telegram.too_often"), update)
        elif pace is AskingPace.QUIET:
            log.info("asked too often")
        return pace is not AskingPace.FINE

    async def _before(self, message: Message, spot: Spot, about: str) -> ChatState:
        """Return the state a message is asked in.

        It is that of the bot's message it replies to, what somebody else's message is about, or the person's own.
        """
        replied = message.reply_to_message
        if replied is not None and replied.from_user is not None and replied.from_user.id == self.desk.bot.id:
            shown = await self.desk.screen.message(spot.chat, str(replied.message_id))
            if shown is not None:
                return awake(await self.desk.with_district(shown.after, spot.chat))
        if about:
            empty = await self.desk.with_district(ChatState(), spot.chat)
            _, after = await self.desk.asker.ask(about[: limits.QUOTED_CHARACTERS], empty)
            return awake(after)
        return await self.desk.state_at(spot)
