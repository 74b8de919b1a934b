"""The access_token of an app: fetched once, shared, and fetched anew once when it dies early (page 91039)."""

from __future__ import annotations

import asyncio
import time

from bot.channels.wecom.errors import CredentialsRefusedError, UnreachableError, WeComRefusedError
from bot.channels.wecom.http import Http
from bot.channels.wecom.limits import CREDENTIALS_WRONG, TOKEN_SECONDS

_MARGIN = 300.0
"""A token is replaced this many seconds before its end, so that none dies on the way."""


class AccessToken:
    """Keeps the token of one (corpid, secret); any number of callers cause one request."""

    def __init__(self, http: Http, corp_id: str, secret: str) -> None:
        self._http = http
        self._corp_id = corp_id
        self._secret = secret
        self._token = ""
        self._until = 0.0
        self._fetching = asyncio.Lock()

    async def get(self, dead: str = "") -> str:
        """Return a live token; ``dead`` is one that the platform has just refused.

        Callers that bring the same dead token, however many, cause one fetch. RefusedError and UnreachableError
        pass through.
        """
        async with self._fetching:
            if self._token in ("", dead) or time.monotonic() >= self._until:
                await self._fetch()
            return self._token

    async def close(self) -> None:
        """End the connections."""
        await self._http.close()

    async def _fetch(self) -> None:
        params = {"corpid": self._corp_id, "corpsecret": self._secret}
        try:
            answer = await self._http.call("GET", "/cgi-bin/gettoken", params)
        except WeComRefusedError as refusal:
            if refusal.code in CREDENTIALS_WRONG:
                raise CredentialsRefusedError(refusal.code, refusal.reason) from None
            raise
        life = float(answer.get("expires_in", TOKEN_SECONDS))
        if not isinstance(answer.get("access_token"), str):
            raise UnreachableError("no access_token in the answer")
        self._token = answer["access_token"]
        self._until = time.monotonic() + life - min(_MARGIN, life / 10)
