"""Which members stand in the departments that may ask; asked of the app's API, remembered for an hour."""

from __future__ import annotations

import time
from collections.abc import Collection

import structlog

from bot.channels.wecom.app.api import AppApi
from bot.channels.wecom.errors import WeComRefusedError

_log = structlog.get_logger(__name__)
_REMEMBER = 3_600.0


class Departments:
    """Says whether a member stands in one of some departments, or in one below them."""

    def __init__(self, api: AppApi, departments: Collection[int]) -> None:
        self._api = api
        self._departments = departments
        self._all: frozenset[int] = frozenset()
        self._all_until = 0.0
        self._members: dict[str, tuple[bool, float]] = {}

    async def admits(self, user: str) -> bool:
        """Whether ``user`` may ask; False for one that the API doesn't know (an encrypted userid, say).

        AwayError passes through: the message is tried again later.
        """
        inside, until = self._members.get(user, (False, 0.0))
        if time.monotonic() < until:
            return inside
        try:
            inside = bool(await self._api.departments_of(user) & await self._with_below())
        except WeComRefusedError as refusal:
            _log.warning("wecom.member_unknown", errcode=refusal.code, reason=refusal.reason)
            return False
        self._members[user] = (inside, time.monotonic() + _REMEMBER)
        return inside

    async def close(self) -> None:
        """End the connections."""
        await self._api.close()

    async def _with_below(self) -> frozenset[int]:
        if time.monotonic() >= self._all_until:
            below = [await self._api.departments_below(number) for number in self._departments]
            self._all = frozenset().union(*below)
            self._all_until = time.monotonic() + _REMEMBER
        return self._all
