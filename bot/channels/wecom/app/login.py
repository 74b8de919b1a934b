"""Who opens a page in WeCom: the app's OAuth2 redirect with ``snsapi_base`` (pages 91022, 96442)."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from bot.channels.wecom.app.api import AppApi
from bot.channels.wecom.app.departments import Departments
from bot.channels.wecom.errors import AwayError, WeComRefusedError
from bot.channels.wecom.limits import AUTHORIZE_URL, BAD_CODE
from bot.conversation.chat_access import ChatAccess

_REMEMBER = 10.0
"""Seconds for which it is remembered that somebody is a member: a page and what is on it cost one look."""
_WITHOUT_NEWS = 3_600.0
"""Seconds for which that holds while the platform is away."""

CLIENT = "wxwork"
"""Stands in the User-Agent of WeCom's own browser (lower-cased), the only one in which the redirect leads back."""


class Login:
    """One app's way of telling who a member is, and whether that member may ask."""

    def __init__(
        self, api: AppApi, access: ChatAccess, departments: Departments | None, corp_id: str, agent_id: int
    ) -> None:
        self._api = api
        self._access = access
        self._departments = departments
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._members: dict[str, float] = {}
        """When each was last known to be a member, in monotonic seconds."""

    def url(self, back: str, nonce: str) -> str:
        """Return the platform's page that sends the browser to ``back`` with a code and ``nonce`` as ``state``."""
        query = urlencode(
            {
                "appid": self._corp_id,
                "redirect_uri": back,
                "response_type": "code",
                "scope": "snsapi_base",
                "state": nonce,
                "agentid": self._agent_id,
            }
        )
        return f"{AUTHORIZE_URL}?{query}#wechat_redirect"

    async def user(self, code: str) -> str:
        """Return the member's userid; empty for an outsider or a code that is no good. AwayError passes through."""
        try:
            user = await self._api.user_of(code)
        except WeComRefusedError as refusal:
            if refusal.code == BAD_CODE:
                return ""
            raise
        # A member of another corporation that is linked to this one is called CorpId/userid.
        return "" if "/" in user else user

    async def admits(self, user: str) -> bool:
        """Whether somebody is a member still, and may ask by the same rules as in the app's chat.

        WeComRefusedError and AwayError when the platform does not say so, and has not lately.
        """
        return await self._is_member(user) and await self._access.admits(user, user)

    async def _is_member(self, user: str) -> bool:
        now = time.monotonic()
        known = self._members.get(user, -_WITHOUT_NEWS)
        if now - known < _REMEMBER:
            return True
        try:
            found = await self._api.is_member(user)
        except (WeComRefusedError, AwayError):
            if now - known < _WITHOUT_NEWS:
                return True
            raise
        self._members = {name: at for name, at in self._members.items() if now - at < _WITHOUT_NEWS}
        if found:
            self._members[user] = now
        else:
            self._members.pop(user, None)
        return found

    async def close(self) -> None:
        """End the connections to the API."""
        await self._api.close()
        if self._departments is not None:
            await self._departments.close()
