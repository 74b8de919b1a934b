"""The one web app of the process: ``/healthz``, and whatever routes the channels need."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from bot.messages import say
from bot.serving.connection import HttpConnection
from bot.serving.unreadable import UnreadableRequests
from bot.settings import SettingError

Health = Callable[[], Mapping[str, str]]
"""Each channel's name and condition."""


def make_app(routes: Sequence[BaseRoute], health: Health) -> Starlette:
    """Return the app; ``/healthz`` is 503 once every channel was refused."""

    async def healthz(_request: Request) -> JSONResponse:
        channels = dict(health())
        well = any(condition != "refused" for condition in channels.values())
        return JSONResponse(
            {"status": "ok" if well else "refused", "channels": channels}, status_code=200 if well else 503
        )

    return Starlette(routes=[Route("/healthz", healthz), *routes], middleware=[Middleware(UnreadableRequests)])


class Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the process stops everything in one order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to ``bot.serving.run``."""
        yield


def make_server(app: Starlette, trusted: Sequence[str] = ()) -> Server:
    """Return a server for ``app`` that logs through the bot's own log.

    Only ``trusted`` proxies, addresses or networks, are believed for whom they speak.
    """
    config = uvicorn.Config(
        app,
        http=HttpConnection,
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=list(trusted),
    )
    return Server(config)


def listen(host: str, port: int) -> socket.socket:
    """Open the port; SettingError when it is taken or not ours."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = say("setting_errors.port_taken", host=host, port=port, error=error.strerror or type(error).__name__)
        raise SettingError.of("http_port", reason) from error
