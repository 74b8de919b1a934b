"""HTTP calls to WeCom: JSON out, JSON back, ``errcode`` turned into an exception."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx

from bot.channels.wecom.errors import NotSentError, UnreachableError, WeComRefusedError
from bot.channels.wecom.limits import API_URL

_TIMEOUT = httpx.Timeout(10.0)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is handed to WeCom to be sent."""

    name: str
    content: bytes
    media_type: str


class Http:
    """Calls one server; connects when first used, and again after ``close``."""

    def __init__(self, base_url: str = "", proxy: str = "") -> None:
        """Call the live service unless ``base_url`` says otherwise, through ``proxy`` where one is needed."""
        self._base_url = base_url or API_URL
        self._proxy = proxy or None
        self._client: httpx.AsyncClient | None = None

    async def call(
        self,
        method: str,
        path: str,
        params: dict[str, str],
        body: dict[str, Any] | None = None,
        upload: Upload | None = None,
    ) -> dict[str, Any]:
        """Send JSON, or an ``upload`` as a form's file ``media``, and return the answer's fields.

        RefusedError for an ``errcode``, UnreachableError for no usable answer.
        Neither exception carries the address, since that has the token or the key in it.
        """
        if self._client is None:
            self._client = httpx.AsyncClient(base_url=self._base_url, timeout=_TIMEOUT, proxy=self._proxy)
        try:
            files = {"media": (upload.name, upload.content, upload.media_type)} if upload is not None else None
            answer = await self._client.request(method, path, params=params, json=body, files=files)
            answer.raise_for_status()
            fields = answer.json()
        except httpx.HTTPStatusError as error:
            raise UnreachableError(f"HTTP {error.response.status_code}") from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSentError(type(error).__name__) from None
        except (httpx.HTTPError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise UnreachableError(type(error).__name__) from None
        if not isinstance(fields, dict):
            raise UnreachableError("not an object")
        if code := fields.get("errcode", 0):
            raise WeComRefusedError(int(code), str(fields.get("errmsg", "")))
        return fields

    async def close(self) -> None:
        """End the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
