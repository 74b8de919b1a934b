"""One HTTP call to WeCom: JSON out, JSON back, ``errcode`` turned into an exception."""

from __future__ import annotations

import json
from typing import Any

import httpx

from bot.channels.wecom.errors import RefusedError, UnreachableError

_TIMEOUT = httpx.Timeout(10.0)


def new_client(base_url: str, proxy: str | None = None) -> httpx.AsyncClient:
    """Return a client for WeCom's API; ``proxy`` where the office's way out, or its trusted address, needs one."""
    return httpx.AsyncClient(base_url=base_url, timeout=_TIMEOUT, proxy=proxy)


async def call(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    params: dict[str, str],
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the answer's fields; RefusedError for an ``errcode``, UnreachableError for no JSON or no answer at all.

    Neither exception carries the address, since that has the token or the key in it.
    """
    try:
        answer = await client.request(method, path, params=params, json=body)
        answer.raise_for_status()
        fields = answer.json()
    except httpx.HTTPStatusError as error:
        raise UnreachableError(f"HTTP {error.response.status_code}") from None
    except (httpx.HTTPError, json.JSONDecodeError) as error:
        raise UnreachableError(type(error).__name__) from None
    if not isinstance(fields, dict):
        raise UnreachableError("not an object")
    if code := fields.get("errcode", 0):
        raise RefusedError(int(code), str(fields.get("errmsg", "")))
    return fields
