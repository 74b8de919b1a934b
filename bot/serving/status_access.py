"""Lets only who shows the token see ``/metrics`` and ``/readyz``, which are on the page's port."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.keys import load_key
from bot.settings import Settings

Endpoint = Callable[[Request], Awaitable[Response]]
_KEY = "status"
"""Names the token among the keys of the data folder."""


def status_token(settings: Settings) -> str:
    """Return the token that is set, else this installation's own; SettingError as for ``load_key``."""
    return settings.status_token.get_secret_value() or load_key(settings.data_dir, _KEY).hex()


def behind_token(routes: Iterable[Route], token: str) -> list[Route]:
    """Return the routes, each for bearers of ``token`` alone."""
    return [Route(route.path, _guarded(route.endpoint, token)) for route in routes]


def _guarded(show: Endpoint, token: str) -> Endpoint:
    wanted = f"Bearer {token}".encode()

    async def endpoint(request: Request) -> Response:
        if hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted):
            return await show(request)
        return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})

    return endpoint
