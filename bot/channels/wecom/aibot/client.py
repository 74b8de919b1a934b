"""Keeps one AI bot connected: whatever ends a connection, the next one comes, at a pace the platform bears."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import structlog
from websockets.exceptions import WebSocketException

from bot.backoff import Backoff
from bot.channels.wecom.aibot.connection import (
    AibotConnection,
    Handler,
    KickedError,
    LoginRefusedError,
    open_socket,
)
from bot.channels.wecom.aibot.frames import Ack, Callback, Chat, Command
from bot.channels.wecom.aibot.mentions import Mentions
from bot.channels.wecom.card import Card
from bot.channels.wecom.errors import NoAckError, NotConnectedError, WeComRefusedError
from bot.channels.wecom.limits import AIBOT_URL, PING_EVERY, UPLOAD_CHUNK_BYTES
from bot.isolation import stop_tasks

_log = structlog.get_logger(__name__)
_SINGLE, _GROUP = 1, 2
"""101463: ``chat_type`` of a push; without it a userid may be taken for a group."""


@dataclass(frozen=True, slots=True)
class AibotTiming:
    """Seconds that a client waits; the defaults are for the live service, tests use shorter ones."""

    ping: float = PING_EVERY
    ack: float = 5.0
    reconnect: tuple[float, float] = (1.0, 30.0)
    """First and longest pause after a connection that ended."""
    login: tuple[float, float] = (30.0, 600.0)
    """First and longest pause after a refused login: subscribing is frequency-limited."""


class AibotClient:
    """Speaks for one bot; ``run`` keeps it connected, the other methods send."""

    def __init__(
        self,
        bot_id: str,
        secret: str,
        *,
        url: str = AIBOT_URL,
        proxy: str = "",
        bot_name: str = "",
        pace: AibotTiming = AibotTiming(),
    ) -> None:
        self._login = {"bot_id": bot_id, "secret": secret}
        self._url = url
        self._proxy = proxy
        self._mentions = Mentions(bot_name)
        self._pace = pace
        self._connection: AibotConnection | None = None
        self._subscribed = asyncio.Event()

    async def run(self, handler: Handler) -> NoReturn:
        """Stay connected and hand every callback to ``handler``; returns only by KickedError or cancellation."""
        dropped, refused = Backoff(*self._pace.reconnect), Backoff(*self._pace.login)
        while True:
            began = time.monotonic()
            try:
                await self._serve(handler)
            except LoginRefusedError as error:
                pause, why = refused.pause(), str(error)
            except (WebSocketException, OSError) as error:
                if time.monotonic() - began > self._pace.ping:
                    dropped.reset()
                    refused.reset()
                pause, why = dropped.pause(), f"{type(error).__name__}: {error}"
            _log.warning("wecom.aibot_disconnected", why=why, seconds=round(pause, 1))
            await asyncio.sleep(pause)

    async def log_in_once(self) -> None:
        """Connect, subscribe and leave; RefusedError, or AwayError when the platform can't be reached."""
        try:
            async with open_socket(self._url, self._proxy) as socket:
                connection = AibotConnection(socket, self._pace.ack, self._mentions)
                serving = asyncio.create_task(connection.run(_ignore, self._pace.ping))
                try:
                    await connection.request(Command.SUBSCRIBE, self._login)
                finally:
                    await stop_tasks(serving)
        except (WebSocketException, OSError) as error:
            raise NotConnectedError(type(error).__name__) from error

    @property
    def is_connected(self) -> bool:
        """Whether a subscribed connection is up now."""
        return self._subscribed.is_set()

    async def connected(self) -> None:
        """Return once a subscribed connection is up."""
        await self._subscribed.wait()

    async def respond(self, req_id: str, body: dict[str, Any]) -> None:
        """Answer a message. Errors, here and below: as in ``AibotConnection.request``."""
        await self._request(Command.RESPOND, body, req_id)

    async def welcome(self, req_id: str, content: str | Card) -> None:
        """Greet a member who has just opened the chat, with a text or a card; within 5 s of the event."""
        body: dict[str, Any] = {"msgtype": "template_card", "template_card": content}
        if isinstance(content, str):
            body = {"msgtype": "text", "text": {"content": content}}
        await self._request(Command.WELCOME, body, req_id)

    async def update_card(self, req_id: str, card: dict[str, Any]) -> None:
        """Change the card whose button was pressed; within 5 s of the event."""
        await self._request(Command.UPDATE, {"response_type": "update_template_card", "template_card": card}, req_id)

    async def push(self, chat: Chat, body: dict[str, Any]) -> None:
        """Send to a conversation in which someone has spoken to the bot before."""
        where = {"chatid": chat.id, "chat_type": _GROUP if chat.group else _SINGLE}
        await self._request(Command.PUSH, where | body)

    async def check(self) -> None:
        """Return when the platform answers on the connection; NotConnectedError when it does not: another one comes."""
        if self._connection is None:
            raise NotConnectedError("no connection")
        await self._connection.check()

    async def upload_image(self, png: bytes) -> str:
        """Upload a picture and return its id, with which it can be sent for three days."""
        return await self._upload("image", "card.png", png)

    async def upload_file(self, name: str, content: bytes) -> str:
        """Upload a file and return its id, as with a picture."""
        return await self._upload("file", name, content)

    async def _upload(self, kind: str, name: str, content: bytes) -> str:
        pieces = [content[at : at + UPLOAD_CHUNK_BYTES] for at in range(0, len(content), UPLOAD_CHUNK_BYTES)]
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        begun = await self._request(
            Command.UPLOAD_BEGIN,
            {
                "type": kind,
                "filename": name,
                "total_size": len(content),
                "total_chunks": len(pieces),
                "md5": digest,
            },
        )
        for number, piece in enumerate(pieces):
            data = base64.b64encode(piece).decode()
            await self._request(
                Command.UPLOAD_PIECE, {"upload_id": begun.upload, "chunk_index": number, "base64_data": data}
            )
        return (await self._request(Command.UPLOAD_END, {"upload_id": begun.upload})).media

    async def _request(self, command: Command, body: dict[str, Any], req_id: str = "") -> Ack:
        if self._connection is None:
            raise NotConnectedError("no connection")
        return await self._connection.request(command, body, req_id)

    async def _serve(self, handler: Handler) -> None:
        async with open_socket(self._url, self._proxy) as socket:
            connection = AibotConnection(socket, self._pace.ack, self._mentions)
            serving = asyncio.create_task(connection.run(handler, self._pace.ping))
            try:
                try:
                    await self._subscribe(connection)
                except NotConnectedError:
                    await serving
                await serving
            finally:
                self._connection = None
                self._subscribed.clear()
                await stop_tasks(serving)

    async def _subscribe(self, connection: AibotConnection) -> None:
        try:
            await connection.request(Command.SUBSCRIBE, self._login)
        except (WeComRefusedError, NoAckError) as error:
            raise LoginRefusedError(str(error)) from None
        self._connection = connection
        self._subscribed.set()
        _log.info("wecom.aibot_connected")


async def _ignore(_callbacks: Sequence[Callback]) -> None:
    """Take nothing: what comes before the end of a trial is sent again."""


__all__ = ["AibotClient", "AibotTiming", "KickedError"]
