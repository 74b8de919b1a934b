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
from bot.channels.wecom.aibot.frames import AibotMessage, Chat
from bot.channels.wecom.errors import AwayError, NoAckError, WeComRefusedError
from bot.channels.wecom.limits import (
    ACK_TRIES,
    BAD_REQ_ID,
    CONVERSATION_A_MINUTE,
    CONVERSATION_AN_HOUR,
    PUSH_COPIES,
    STREAM_EXPIRED,
    STREAM_WITHIN,
    TOO_OFTEN,
)
from bot.channels.wecom.quota import PATIENCE, Quota
from bot.render.file.make import AnswerFile

_log = structlog.get_logger(__name__)
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Ticket:
    """A message that is being answered."""

    message: AibotMessage
    key: str
    """Of its row: the same in every try."""
    received_at: float
    attempts: int = 0
    """How often answering it was begun before."""


def steady_id(purpose: str, key: str) -> str:
    """Return an id that is the same whenever it is made for the same update; letters and digits only."""
    return hashlib.blake2b(f"{purpose}:{key}".encode(), digest_size=_ID_BYTES).hexdigest()


def feedback_id(key: str) -> str:
    """Return the id under which members say whether the answer to an update was right."""
    return steady_id("feedback", key)


class AibotSender:
    """Counts what goes to each conversation, and sends it."""

    def __init__(self, client: AibotClient) -> None:
        self._client = client
        self._tries: dict[str, int] = {}
        """How often the ack of an answer did not come, by the key of its row."""
        self._opened: set[str] = set()
        """Rows whose stream has begun and is not finished."""
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
        except (WeComRefusedError, AwayError) as error:
            _log.info("wecom.no_placeholder", reason=str(error))

    async def answer(self, ticket: Ticket, text: str, card: dict[str, Any] | None = None) -> bool:
        """Finish the stream that answers a message, or push where that is not possible any more.

        Returns whether ``card`` went out with it, in the same bubble and as the same message of the limits.
        AwayError when it is worth another try; WeComRefusedError when it is not.
        """
        tried = self._begin(ticket)
        together = card is not None
        try:
            await self._stream(ticket, text, card, finish=True)
        except NoAckError:
            await self._unconfirmed(ticket, text)
            together = False
        except WeComRefusedError as refusal:
            young = time.time() - ticket.received_at < STREAM_WITHIN
            if refusal.code == STREAM_EXPIRED and young and tried:
                # Only time or we ourselves end a stream: the answer went out before a crash or a lost ack.
                _log.info("wecom.answered_before")
            elif refusal.code in (STREAM_EXPIRED, BAD_REQ_ID):
                await self.push(ticket.message.chat, text)
                together = False
            else:
                self._forget(ticket)
                raise
        self._forget(ticket)
        return together

    def _forget(self, ticket: Ticket) -> None:
        self._tries.pop(ticket.key, None)
        self._opened.discard(ticket.key)

    def _begin(self, ticket: Ticket) -> bool:
        """Note that an answer is being finished; returns whether that was begun before, by whichever process."""
        before = ticket.attempts > 0 or ticket.key in self._tries
        self._tries.setdefault(ticket.key, 0)
        return before

    async def _unconfirmed(self, ticket: Ticket, text: str) -> None:
        """Decide what follows on an ack that did not come; returns when the message is through.

        NotConnectedError when nothing at all is answered on this connection: that does not count as a try.
        """
        await self._client.check()
        self._tries[ticket.key] += 1
        if self._tries[ticket.key] < ACK_TRIES:
            raise NoAckError("no ack of an answer")
        _log.warning("wecom.answer_unconfirmed", tries=ACK_TRIES)
        try:
            await self.push_once(ticket.message.chat, text)
        except (NoAckError, WeComRefusedError) as error:
            # Whether it arrived, nobody can tell; the next question must not wait for that.
            _log.warning("wecom.push_unconfirmed", reason=str(error))

    async def push(self, chat: Chat, text: str) -> None:
        """Send markdown to a conversation; once more, and no third time, while unconfirmed. Errors as in ``answer``."""
        await self._push(chat, _markdown(text))

    async def push_once(self, chat: Chat, text: str) -> None:
        """Send markdown to a conversation; NoAckError while it is not confirmed. Other errors as in ``answer``."""
        await self._send(chat, _markdown(text))

    async def push_card(self, chat: Chat, card: dict[str, Any]) -> None:
        """Send a template card to a conversation. Errors as in ``answer``."""
        await self._push(chat, {"msgtype": "template_card", "template_card": card})

    async def push_image(self, chat: Chat, png: bytes) -> None:
        """Send a picture to a conversation. Errors as in ``answer``."""
        await self._push(chat, {"msgtype": "image", "image": {"media_id": await self._client.upload_image(png)}})

    async def push_file(self, chat: Chat, file: AnswerFile) -> None:
        """Send a file to a conversation. Errors as in ``answer``."""
        media = await self._client.upload_file(file.name, file.content)
        await self._push(chat, {"msgtype": "file", "file": {"media_id": media}})

    async def _stream(
        self, ticket: Ticket, text: str, card: dict[str, Any] | None = None, *, finish: bool
    ) -> None:  # fmt: skip
        message = ticket.message
        await self._quota.slot(message.chat.id, PATIENCE)
        stream: dict[str, Any] = {"id": steady_id("stream", ticket.key), "content": text, "finish": finish}
        if ticket.key not in self._opened:
            # Taken from a stream's first frame only.
            stream["feedback"] = {"id": feedback_id(ticket.key)}
        body: dict[str, Any] = {"msgtype": "stream", "stream": stream}
        if card is not None:
            body |= {"msgtype": "stream_with_template_card", "template_card": card}
        try:
            await self._client.respond(message.req_id, body)
            self._opened.add(ticket.key)
        except WeComRefusedError as refusal:
            raise self._patient(message.chat, refusal) from None

    async def _push(self, chat: Chat, body: dict[str, Any]) -> None:
        for _ in range(PUSH_COPIES):
            try:
                return await self._send(chat, body)
            except NoAckError:
                await self._client.check()
        # It has most likely arrived: what comes next in this conversation must not wait.
        _log.warning("wecom.push_unconfirmed", copies=PUSH_COPIES)
        return None

    async def _send(self, chat: Chat, body: dict[str, Any]) -> None:
        await self._quota.slot(chat.id, PATIENCE)
        try:
            await self._client.push(chat, body)
        except WeComRefusedError as refusal:
            raise self._patient(chat, refusal) from None

    def _patient(self, chat: Chat, refusal: WeComRefusedError) -> WeComRefusedError | AwayError:
        """Turn “too often” into a wait: another process, or this one before a restart, has sent there too."""
        if refusal.code != TOO_OFTEN:
            return refusal
        self._quota.fill(chat.id)
        return AwayError(str(refusal))


def _markdown(text: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": text}}
