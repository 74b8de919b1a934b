"""How many messages may still go out: sliding windows, kept in memory."""

from __future__ import annotations

import asyncio
import math
import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.channels.wecom.errors import AwayError

PATIENCE = 3.0
"""Seconds that an answer waits for its turn before it goes back to the inbox."""


class Quota:
    """Counts messages per key against limits such as 30 in 60 s and 1,000 in 3,600 s.

    A restart forgets what was sent; the platform's own answer (45009) then still holds us back.
    """

    def __init__(self, *limits: tuple[int, int]) -> None:
        """Take pairs of how many and in how many seconds."""
        self._items = [RateLimitItemPerSecond(most, seconds) for most, seconds in limits]
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def left(self, key: str) -> int:
        """Return how many messages may go to ``key`` right now."""
        return min(self._windows.get_window_stats(item, key).remaining for item in self._items)

    def wait(self, key: str) -> float:
        """Return the seconds until one more message may go to ``key``; 0 when it may go now."""
        stats = [self._windows.get_window_stats(item, key) for item in self._items]
        return max((stat.reset_time - time.time() for stat in stats if not stat.remaining), default=0.0)

    def fill(self, key: str) -> None:
        """Believe the platform that ``key`` is full."""
        self._windows.hit(self._items[0], key, cost=max(1, self.left(key)))

    def count(self, key: str) -> None:
        """Count a message that has been sent without waiting for its turn."""
        for item in self._items:
            self._windows.hit(item, key)

    async def slot(self, key: str, patience: float = math.inf) -> None:
        """Wait until a message may go to ``key``, then count it; AwayError when that takes over ``patience`` seconds.

        Who answers a row of the inbox is not patient: the row can wait there, and a stop need not wait for it.
        """
        while not all(self._windows.test(item, key) for item in self._items):
            seconds = self.wait(key)
            if seconds > patience:
                raise AwayError(f"full for {seconds:.0f} s")
            await asyncio.sleep(max(seconds, 0.01))
        self.count(key)
