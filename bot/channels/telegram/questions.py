"""Messages and their edits: what people type."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from functools import partial

import structlog
from telegram import Bot, ChatMember, ChatMemberUpdated, Message
from telegram.constants import ChatType

from bot.channels.telegram.address import Asked, Spot, read, spot_of
from bot.channels.telegram.links import read_link
from bot.channels.telegram.outgoing import TelegramSender
from bot.channels.telegram.surface import CHANNEL, ChatSurface, EditedSurface
from bot.conversation.manners import is_acknowledgement
from bot.conversation.plan_intake import SentFile
from bot.conversation.session import ChatSession
from bot.conversation.surface import Utterance
from bot.messages import say
from bot.notices.gone import end_chat, move_chat
from bot.notices.outbox import Outbox
from bot.query.chat_state import ChatState
from bot.store.shown import Shown

_OUTSIDE = {ChatMember.LEFT, ChatMember.BANNED}
_ALBUMS = 100
"""Of which it is remembered that a photo without words has been answered."""

SEEN = "👌"
"""The reaction that 收到 gets in a group: no message, of which forty may come below one announcement."""

log = structlog.get_logger()


class Questions:
    """Answers messages; each method ends the inbox row ``key``."""

    def __init__(self, bot: Bot, session: ChatSession, sender: TelegramSender) -> None:
        """Answer as ``bot``."""
        self._bot = bot
        self._session = session
        self._sender = sender
        self._albums: deque[str] = deque(maxlen=_ALBUMS)
        self._told_to_wait: set[str] = set()

    async def on_message(self, message: Message, key: str, *, late: bool, again: bool) -> None:
        """Answer a message that is for the bot.

        ``late`` when it may have come while the bot was down, ``again`` when it may have been answered before.
        """
        if message.migrate_to_chat_id is not None or message.migrate_from_chat_id is not None:
            # Two service messages tell of one move, one in each chat.
            old = str(message.migrate_from_chat_id or message.chat.id)
            await self._move(old, str(message.migrate_to_chat_id or message.chat.id))
            await self._session.end(key)
            return
        asked = read(message, self._bot)
        if asked is None or self._is_answered(asked, message) or not self._is_meant(asked, message):
            await self._session.end(key)
            return
        if _is_acknowledgement(asked, message):
            await self._sender.react(spot_of(message), SEEN)
            await self._session.acknowledge(await self._utterance(asked, message, key))
            return
        said = replace(await self._utterance(asked, message, key, late=late), again=again)
        await self._session.take(said, self._surface(spot_of(message)))

    def _is_meant(self, asked: Asked, message: Message) -> bool:
        """Whether this bot is to answer: in a group an unknown command that names no bot is likely another's."""
        private = message.chat.type == ChatType.PRIVATE
        return private or asked.by_name or self._session.commands.knows(asked.said)

    def _is_answered(self, asked: Asked, message: Message) -> bool:
        """Whether another photo of the same album has had its answer."""
        album = message.media_group_id
        if not album or asked.text:
            return False
        known = album in self._albums
        self._albums.append(album)
        return known

    async def _move(self, old: str, new: str) -> None:
        async with self._session.store.begin() as tx:
            await self._session.chats.move(old, new, tx)
        await move_chat(Outbox(self._session.store), CHANNEL, old, new)

    async def on_membership(self, change: ChatMemberUpdated, key: str) -> None:
        """Greet a group that has added the bot; end the following of a chat that has thrown it out or blocked it."""
        before, now = change.old_chat_member.status, change.new_chat_member.status
        if now in _OUTSIDE:
            reason = f"the bot's membership: {now}"
            await end_chat(Outbox(self._session.store), CHANNEL, str(change.chat.id), reason)
        elif before in _OUTSIDE and change.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}:
            await self._greet(str(change.chat.id), str(change.from_user.id))
        await self._session.end(key)

    async def _greet(self, chat: str, person: str) -> None:
        """Tell a group how to ask; one that may not ask hears so when somebody tries."""
        if await self._session.access.admits(person, chat):
            spot = Spot(chat, None, person, "", private=False)
            await self._sender.send(spot, say("telegram.group_welcome", name=self._bot.username))

    async def on_edit(self, message: Message, key: str) -> None:
        """Answer an edited question again, in the message that answered it."""
        shown = await self._session.screen.answer_to(str(message.chat.id), str(message.message_id))
        asked = read(message, self._bot)
        if asked is None and shown is not None:
            asked = Asked((message.text or message.caption or "").strip())
        if asked is None:
            await self._session.end(key)
            return
        said = await self._utterance(asked, message, key, shown=shown)
        surface = self._surface(spot_of(message))
        if shown is not None:
            surface = EditedSurface(surface.spot, surface.sender, surface.screen, surface.told_to_wait, shown)
        await self._session.take(said, surface)

    def _surface(self, spot: Spot) -> ChatSurface:
        return ChatSurface(spot, self._sender, self._session.screen, self._told_to_wait)

    async def _utterance(
        self, asked: Asked, message: Message, key: str, *, late: bool = False, shown: Shown | None = None
    ) -> Utterance:
        """Return what ``message`` says; ``shown`` is the answer that it has already."""
        spot = spot_of(message)
        linked = read_link(asked.text) if asked.command == "start" else ""
        return Utterance(
            key=key,
            words=linked or asked.said,
            person=spot.person,
            chat=spot.chat,
            address=spot.address,
            private=spot.private,
            conversation=spot.conversation,
            sent_at=message.date.timestamp() if late else 0.0,
            state=shown.asked_in if shown is not None else await self._state_replied_to(message, spot),
            about=asked.about,
            name=message.from_user.full_name if message.from_user else "",
            file=self._file(message) if spot.private else None,
        )

    def _file(self, message: Message) -> SentFile | None:
        document = message.document
        if document is None:
            return None
        return SentFile(document.file_size or 0, partial(self._sender.fetch, document))

    async def _state_replied_to(self, message: Message, spot: Spot) -> ChatState | None:
        """Return the state of the bot's message that this one replies to; None when there is none."""
        replied = message.reply_to_message
        if replied is None or replied.from_user is None or replied.from_user.id != self._bot.id:
            return None
        shown = await self._session.screen.message(spot.chat, str(replied.message_id))
        return shown.after if shown is not None else None


def _is_acknowledgement(asked: Asked, message: Message) -> bool:
    group = message.chat.type != ChatType.PRIVATE
    return group and not asked.command and bool(asked.text) and is_acknowledgement(asked.text)
