"""Shows answers in a chat: as a new message, or in the message that stands there already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

import structlog
from telegram.error import TelegramError

from bot.answering.answer import Answer
from bot.channels.telegram.address import Spot
from bot.channels.telegram.card import Back, TelegramCard, make_caption, make_card
from bot.channels.telegram.outgoing import TelegramSender
from bot.conversation.files import file_of
from bot.conversation.pictures import picture_of
from bot.conversation.surface import Exchange, Presented, Surface
from bot.messages import say
from bot.store.shown import Screen, Shown

CHANNEL = "telegram"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ChatSurface(Surface):
    """The chat in which a message was written."""

    spot: Spot
    sender: TelegramSender
    screen: Screen
    told_to_wait: set[str]
    """Chats that have been told that the plans are being read."""

    async def tell(self, line: str) -> None:
        """Say one line, in a group to who wrote alone where the server can."""
        if not await self.sender.whisper(self.spot, line):
            await self.sender.send(self.spot, line)

    async def show(self, exchange: Exchange) -> Presented:
        """Send the answer as a new message."""
        card = make_card(exchange.answer, exchange.after, self.spot)
        await self.screen.keep_buttons(card.all_buttons())
        message = await self.sender.send(self.spot, card.text, card.keyboard)
        if not message:
            # One that was sent and never confirmed has no id: it can't be changed any more.
            return Presented(card.after)
        spot, before = self.spot, exchange.before
        shown = Shown(spot.chat, message, spot.message, before, exchange.said, before, card.after, card.digest)
        return Presented(card.after, shown)

    async def show_picture(self, answer: Answer) -> None:
        """Send the picture of an answer whose words stand there already; told in one line when it does not come."""
        picture = await picture_of(answer)
        try:
            if isinstance(picture, str):
                await self.sender.send(self.spot, picture)
            else:
                await self.sender.send_photo(self.spot, picture.png, make_caption(answer))
        except TelegramError as error:
            log.warning("a picture could not be sent", reason=str(error))
            with suppress(TelegramError):
                await self.sender.send(self.spot, say("card.not_sent"))

    async def show_file(self, answer: Answer) -> None:
        """Send an answer as a file; told in one line when it does not come."""
        file = await file_of(answer)
        try:
            if isinstance(file, str):
                await self.sender.send(self.spot, file)
            else:
                await self.sender.send_document(self.spot, file, make_caption(answer))
        except TelegramError as error:
            log.warning("a file could not be sent", reason=str(error))
            with suppress(TelegramError):
                await self.sender.send(self.spot, say("file.unsent"))

    async def is_admin(self) -> bool:
        """Whether who wrote is an administrator of the group."""
        return await self.sender.is_admin(self.spot)

    @asynccontextmanager
    async def working(self, *, preparing: bool) -> AsyncIterator[None]:
        """Show “typing…”; at a first start that takes a while, say so once in a chat."""
        if preparing and self.spot.chat not in self.told_to_wait:
            self.told_to_wait.add(self.spot.chat)
            await self.sender.send(self.spot, say("chat.preparing"))
        async with self.sender.typing(self.spot):
            yield

    async def change(self, shown: Shown, exchange: Exchange, back: Back | None = None) -> Presented:
        """Change a message of the bot to another answer, unless it looks and does the same already."""
        card = make_card(exchange.answer, exchange.after, self.spot, back)
        return await self._put(shown, exchange, card)

    async def _put(self, shown: Shown, exchange: Exchange, card: TelegramCard) -> Presented:
        if card.digest != shown.digest:
            await self.screen.keep_buttons(card.all_buttons())
            await self.sender.edit(shown.chat, shown.message, card.text, card.keyboard)
        now = replace(shown, said=exchange.said, before=exchange.before, after=card.after, digest=card.digest)
        return Presented(card.after, now)


@dataclass(frozen=True, slots=True)
class EditedSurface(ChatSurface):
    """The chat of a message that was edited: its answer changes in place."""

    shown: Shown

    async def show(self, exchange: Exchange) -> Presented:
        """Change the answer that stands there."""
        return await self.change(self.shown, exchange)
