"""Requests that can't be read end with 400 and a line in the log, whichever part of the reading they break.

Anybody can send a number of four hundred digits, an encoding that is not there, or JSON a thousand levels deep.
"""

from __future__ import annotations

import traceback

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = structlog.get_logger(__name__)


class UnreadableRequests:
    """Stands around the routes."""

    def __init__(self, app: ASGIApp) -> None:
        """Hand requests to ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except (ValueError, LookupError, ArithmeticError, RecursionError) as error:
            if begun:
                raise
            # Where, but no traceback: who calls decides how many there are.
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{place.name}:{place.lineno}"
            _log.warning("a request could not be read", error=type(error).__name__, where=where)
            await Response(status_code=400)(scope, receive, send)
