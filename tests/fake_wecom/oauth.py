"""The platform's page that tells a web page who is reading it (pages 91022 and 96442 of its documentation)."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fake_wecom.rules import PlatformError

CODE_WRONG = 40029
_STATE = re.compile(r"[a-zA-Z0-9]{0,128}")
_CODE_SECONDS = 300.0


@dataclass
class FakeOAuth:
    """The page, and the codes it has given out."""

    corp_id: str = "corp"
    agent_id: int = 1000002
    trusted: str = "127.0.0.1"
    """The app's trusted domain."""
    reader: dict[str, str] = field(default_factory=lambda: {"userid": "li"})
    """Who sits at the browser, in the words of the answer to ``getuserinfo``."""
    _codes: dict[str, float] = field(default_factory=dict)

    def route(self) -> Route:
        """Return the page's route."""
        return Route("/connect/oauth2/authorize", self._authorize)

    async def _authorize(self, request: Request) -> Response:
        query = request.query_params
        back = query.get("redirect_uri", "")
        wanted = (query.get("appid"), query.get("response_type"), query.get("scope"), query.get("agentid"))
        if wanted != (self.corp_id, "code", "snsapi_base", str(self.agent_id)):
            return PlainTextResponse("参数错误", 400)
        if urlsplit(back).hostname != self.trusted:
            return PlainTextResponse("redirect_uri与配置的授权完成回调域名不一致", 400)
        if not _STATE.fullmatch(query.get("state", "")):
            return PlainTextResponse("state错误", 400)
        return RedirectResponse(f"{back}?{urlencode({'code': self.code(), 'state': query.get('state', '')})}", 302)

    def code(self) -> str:
        """Give out a code, as the page does."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = time.monotonic() + _CODE_SECONDS
        return code

    def getuserinfo(self, query: dict[str, Any], _: dict[str, Any]) -> dict[str, str]:
        """Say whom a code stands for, once."""
        if self._codes.pop(query.get("code", ""), 0.0) < time.monotonic():
            raise PlatformError(CODE_WRONG, "invalid code")
        return dict(self.reader)
