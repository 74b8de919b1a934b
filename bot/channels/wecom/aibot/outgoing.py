"""Sends answers over the AI bot's connection, so that a second try never makes a second answer.

A stream's id and a card's ``task_id`` come from the update's own key: what is sent again after a crash or a lost ack
changes the same stream, or is refused as the same card.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any

import structlog

from bot.channels.wecom.aibot.client import AibotClient
from bot.channels.wecom.aibot.frames import Chat, Message
from bot.channels.wecom.errors import AwayError, RefusedError
from bot.channels.wecom.limits import (
    BAD_REQ_ID,
    CONVERSATION_A_MINUTE,
    CONVERSATION_AN_HOUR,
    STREAM_EXPIRED,
    STREAM_WITHIN,
    TOO_OFTEN,
)
from bot.channels.wecom.quota import PATIENCE, Quota

_log = structlog.get_logger(__name__)
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Ticket:
    """A message that is being answered."""

    message: Message
    key: str
    """Of its row: the same in every try."""
    received_at: float


def steady_id(purpose: str, key: str) -> str:
    """Return an id that is the same whenever it is made for the same update; letters and digits only."""
    return hashlib.blake2b(f"{purpose}:{key}".encode(), digest_size=_ID_BYTES).hexdigest()


class Outgoing:
    """Counts what goes to each conversation, and sends it."""

    def __init__(self, client: AibotClient) -> None:
        self._client = client
        self._quota = Quota((CONVERSATION_A_MINUTE, 60), (CONVERSATION_AN_HOUR, 3_600))

    def left(self, chat: Chat) -> int:
        """Return how many messages may still go to a conversation within this minute."""
        return self._quota.left(chat.id)

    def wait(self, chat: Chat) -> float:
        """Return the seconds until more messages may go to a conversation that is full."""
        return self._quota.wait(chat.id)

    async def working(self, ticket: Ticket, text: str) -> None:
        """Show at once that the answer is being looked for; not worth a wait or a failure."""
        if not self.left(ticket.message.chat):
            return
        try:
            await self._stream(ticket, text, finish=False)
        except (RefusedError, AwayError) as error:
            _log.info("wecom.no_placeholder", reason=str(error))

    async def answer(self, ticket: Ticket, text: str) -> None:
        """Finish the stream that answers a message, or push where that is not possible any more.

        AwayError when it is worth another try; RefusedError when it is not.
        """
        try:
            await self._stream(ticket, text, finish=True)
        except RefusedError as refusal:
            young = time.time() - ticket.received_at < STREAM_WITHIN
            if refusal.code == STREAM_EXPIRED and young:
                # Only time or we ourselves end a stream: the answer went out before a crash or a lost ack.
                _log.info("wecom.answered_before")
            elif refusal.code in (STREAM_EXPIRED, BAD_REQ_ID):
                await self.push(ticket.message.chat, text)
            else:
                raise

    async def push(self, chat: Chat, text: str) -> None:
        """Send markdown to a conversation. Errors as in ``answer``."""
        await self._push(chat, {"msgtype": "markdown", "markdown": {"content": text}})

    async def push_card(self, chat: Chat, card: dict[str, Any]) -> None:
        """Send a template card to a conversation. Errors as in ``answer``."""
        await self._push(chat, {"msgtype": "template_card", "template_card": card})

    async def push_image(self, chat: Chat, png: bytes) -> None:
        """Send a picture to a conversation. Errors as in ``answer``."""
        await self._push(chat, {"msgtype": "image", "image": {"media_id": await self._client.upload_image(png)}})

    async def _stream(self, ticket: Ticket, text: str, *, finish: bool) -> None:
        message = ticket.message
        await self._quota.slot(message.chat.id, PATIENCE)
        stream = {"id": steady_id("stream", ticket.key), "content": text, "finish": finish}
        try:
            await self._client.respond(message.req_id, {"msgtype": "stream", "stream": stream})
        except RefusedError as refusal:
            raise self._patient(message.chat, refusal) from None

    async def _push(self, chat: Chat, body: dict[str, Any]) -> None:
        await self._quota.slot(chat.id, PATIENCE)
        try:
            await self._client.push(chat, body)
        except RefusedError as refusal:
            raise self._patient(chat, refusal) from None

    def _patient(self, chat: Chat, refusal: RefusedError) -> RefusedError | AwayError:
        """Turn “too often” into a wait: another process, or this one before a restart, has sent there too."""
        if refusal.code != TOO_OFTEN:
            return refusal
        self._quota.fill(chat.id)
        return AwayError(str(refusal))
