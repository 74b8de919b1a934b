"""One long connection of the AI bot: subscribe, heartbeat, and acks matched to requests by ``req_id``."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from weakref import WeakValueDictionary

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bot.channels.wecom.aibot.frames import Ack, Callback, Command, Kicked, read_frame, unreadable
from bot.channels.wecom.aibot.mentions import Mentions
from bot.channels.wecom.errors import NoAckError, NotConnectedError, UnreadableError, WeComRefusedError
from bot.channels.wecom.limits import NOT_SUBSCRIBED
from bot.isolation import stop_tasks

_log = structlog.get_logger(__name__)
_MISSED_PINGS = 2
_OPEN_WITHIN = 10.0
_CLOSE_WITHIN = 2.0

Handler = Callable[[Sequence[Callback]], Awaitable[None]]
"""Takes what has come since it was called last, oldest first."""


class KickedError(Exception):
    """Another connection of the same bot has taken over: this one must not come back at once."""


class LoginRefusedError(Exception):
    """The platform did not accept the bot id and secret, or wants fewer tries."""


class AibotConnection:
    """A websocket of one bot; ``run`` until it ends, ``request`` meanwhile."""

    def __init__(self, socket: ClientConnection, ack_within: float, mentions: Mentions) -> None:
        self._socket = socket
        self._ack_within = ack_within
        self._mentions = mentions
        self._acks: dict[str, asyncio.Future[Ack]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def request(self, command: Command, body: dict[str, Any] | None = None, req_id: str = "") -> Ack:
        """Send a frame and wait for its ack, which is returned; frames with the same ``req_id`` go one after another.

        RefusedError with the platform's code, NoAckError, or NotConnectedError when the connection ends meanwhile.
        """
        req_id = req_id or f"{command}_{secrets.token_hex(8)}"
        frame = {"cmd": command, "headers": {"req_id": req_id}} | ({} if body is None else {"body": body})
        turn = self._turns.setdefault(req_id, asyncio.Lock())
        async with turn:
            ack = await self._exchange(req_id, json.dumps(frame, ensure_ascii=False))
        if ack.code == NOT_SUBSCRIBED and command != Command.SUBSCRIBE:
            await self.end()
            raise NotConnectedError(ack.reason)
        if ack.code:
            raise WeComRefusedError(ack.code, ack.reason)
        return ack

    async def check(self) -> None:
        """Return when the platform still answers on this connection; else end it and raise NotConnectedError."""
        try:
            await self.request(Command.PING)
        except (NoAckError, WeComRefusedError) as error:
            await self.end()
            raise NotConnectedError(str(error)) from error

    async def end(self) -> None:
        """Close the connection, so that another one is made."""
        _log.warning("wecom.connection_given_up")
        await self._socket.close()

    async def run(self, handler: Handler, ping_every: float) -> None:
        """Read and ping until the connection ends, which always is an exception.

        KickedError, or NotConnectedError for every other end. Callbacks reach ``handler`` in order.
        """
        callbacks: asyncio.Queue[Callback] = asyncio.Queue()
        tasks = [
            asyncio.create_task(self._read(callbacks)),
            asyncio.create_task(self._ping(ping_every)),
            asyncio.create_task(_hand_over(callbacks, handler)),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            await stop_tasks(*tasks)
            self._forget_acks()

    async def _exchange(self, req_id: str, data: str) -> Ack:
        arrived: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._acks[req_id] = arrived
        try:
            await self._socket.send(data)
            async with asyncio.timeout(self._ack_within):
                return await arrived
        except TimeoutError:
            raise NoAckError(f"no ack within {self._ack_within:g} s") from None
        except ConnectionClosed as closed:
            raise NotConnectedError(str(closed)) from None
        finally:
            self._acks.pop(req_id, None)

    async def _read(self, callbacks: asyncio.Queue[Callback]) -> None:
        try:
            async for data in self._socket:
                self._take(data, callbacks)
        except ConnectionClosed as closed:
            raise NotConnectedError(str(closed)) from None
        raise NotConnectedError("closed by the platform")

    def _take(self, data: str | bytes, callbacks: asyncio.Queue[Callback]) -> None:
        try:
            frame = read_frame(data, self._mentions)
        except UnreadableError as error:
            callbacks.put_nowait(unreadable(data, str(error)))
            return
        match frame:
            case Ack():
                self._settle(frame)
            case Kicked():
                raise KickedError
            case None:
                _log.info("wecom.frame_ignored", size=len(data))
            case _:
                callbacks.put_nowait(frame)

    def _settle(self, ack: Ack) -> None:
        waiting = self._acks.get(ack.req_id)
        if waiting is None or waiting.done():
            _log.info("wecom.ack_unknown", req_id=ack.req_id[:64], errcode=ack.code)
        else:
            waiting.set_result(ack)

    async def _ping(self, every: float) -> None:
        missed = 0
        while missed < _MISSED_PINGS:
            await asyncio.sleep(every)
            try:
                await self.request(Command.PING)
            except (NoAckError, WeComRefusedError) as error:
                missed += 1
                _log.warning("wecom.ping_missed", missed=missed, reason=str(error))
            else:
                missed = 0
        raise NotConnectedError("no heartbeat")

    def _forget_acks(self) -> None:
        for waiting in self._acks.values():
            if not waiting.done():
                waiting.set_exception(NotConnectedError("the connection ended before the ack"))


async def _hand_over(callbacks: asyncio.Queue[Callback], handler: Handler) -> None:
    while True:
        batch = [await callbacks.get()]
        while not callbacks.empty():
            batch.append(callbacks.get_nowait())
        await handler(batch)


def open_socket(url: str, proxy: str = "") -> connect:
    """Return a context that connects; OSError, TimeoutError or WebSocketException when that fails.

    Without ``proxy`` the machine's own settings (HTTPS_PROXY, NO_PROXY) decide.
    The library's own pings are off: the platform asks for ``ping`` frames of its own instead.
    """
    return connect(url, proxy=proxy or True, ping_interval=None, open_timeout=_OPEN_WITHIN, close_timeout=_CLOSE_WITHIN)
