"""Who may ask, and how often: the same rules on every platform.

Open to all unless something restricts it: a list of users, a list of chats, or an invitation code that lets in
whoever sends it (in a group: the group).
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from enum import Enum

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.store.chats import Chats


class Pace(Enum):
    """Whether somebody asks too often."""

    FINE = "fine"
    TELL = "tell"
    """Too often, and not told so within this minute."""
    QUIET = "quiet"
    """Too often, and told already: answering each would be what the limit is there to prevent."""


class Gate:
    """One channel's gate."""

    def __init__(
        self, chats: Chats, *, users: Collection[str], groups: Collection[str], code: str, per_minute: int
    ) -> None:
        """Let in ``users``, ``groups`` (their ids) and holders of ``code``; all empty lets in everyone."""
        self._chats = chats
        self._users = frozenset(users)
        self._groups = frozenset(groups)
        self._code = code
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._rate = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._telling = RateLimitItemPerMinute(1)

    def is_code(self, text: str) -> bool:
        """Whether ``text`` is the invitation code."""
        return bool(self._code) and hmac.compare_digest(text.strip().encode(), self._code.encode())

    async def admits(self, user: str, chat: str) -> bool:
        """Whether this user may ask in this chat."""
        if not (self._users or self._groups or self._code):
            return True
        if user in self._users or chat in self._groups:
            return True
        return bool(self._code) and await self._chats.invited((f"user:{user}", f"chat:{chat}"))

    def pace(self, user: str) -> Pace:
        """Count one question of ``user``."""
        if self._rate is None or self._limiter.hit(self._rate, "ask", user):
            return Pace.FINE
        return Pace.TELL if self._limiter.hit(self._telling, "tell", user) else Pace.QUIET
