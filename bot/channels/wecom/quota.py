"""How many messages may still go out: sliding windows, kept in memory."""

from __future__ import annotations

import asyncio
import math

from bot.channels.wecom.errors import AwayError
from bot.conversation.counting import Window

PATIENCE = 3.0
"""Seconds that an answer waits for its turn before it goes back to the inbox."""


class Quota:
    """Counts messages per key against limits such as 30 in 60 s and 1,000 in 3,600 s.

    By the clock that only goes forward: whoever sets the machine's clock opens or shuts nothing. A restart forgets
    what was sent; the platform's own answer (45009) then still holds us back.
    """

    def __init__(self, *limits: tuple[int, int]) -> None:
        """Take pairs of how many and in how many seconds."""
        self._windows = [Window(most, seconds) for most, seconds in limits]

    def left(self, key: str) -> int:
        """Return how many messages may go to ``key`` right now."""
        return min(window.left(key) for window in self._windows)

    def wait(self, key: str) -> float:
        """Return the seconds until one more message may go to ``key``; 0 when it may go now."""
        return max(window.wait(key) for window in self._windows)

    def fill(self, key: str) -> None:
        """Believe the platform that ``key`` is full."""
        for _ in range(self._windows[0].left(key)):
            self._windows[0].add(key)

    def count(self, key: str) -> None:
        """Count a message that has been sent without waiting for its turn."""
        for window in self._windows:
            window.add(key)

    async def slot(self, key: str, patience: float = math.inf) -> None:
        """Wait until a message may go to ``key``, then count it; AwayError when that takes over ``patience`` seconds.

        Who answers a row of the inbox is not patient: the row can wait there, and a stop need not wait for it.
        """
        while not self.left(key):
            seconds = self.wait(key)
            if seconds > patience:
                raise AwayError(f"full for {seconds:.0f} s")
            await asyncio.sleep(max(seconds, 0.01))
        self.count(key)
