"""One HTTP connection, of which there are so many at most, and which must send its request in time."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 10.0
"""From the connection, or a further request's first byte, until its headers are there."""
BODY_SECONDS = 20.0
"""From the headers until the body is there."""
CONNECTIONS = 500
"""Open at once; what comes beyond is closed unread."""


class HttpConnection(H11Protocol):
    """uvicorn's connection with these bounds: a half sent request does not stay."""

    _waiting_for: object = None
    """The state of the sender that is waited out; None while nothing is."""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Take the connection, unless there are enough."""
        if len(self.connections) >= CONNECTIONS:
            self.transport = transport
            transport.abort()
            return
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._wait_for(None, 0.0)
        super().connection_lost(exc)

    def _watch(self) -> None:
        state = self.conn.their_state
        if state not in (h11.IDLE, h11.SEND_BODY):
            self._wait_for(None, 0.0)
        elif state is not self._waiting_for:
            self._wait_for(state, HEADER_SECONDS if state is h11.IDLE else BODY_SECONDS)

    def _wait_for(self, state: object, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._waiting_for = state
        self._timer = None if state is None else self.loop.call_later(seconds, self.transport.abort)
