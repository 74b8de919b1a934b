"""How many messages may still go out: sliding windows, kept in memory."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque

from bot.channels.wecom.errors import AwayError

PATIENCE = 3.0
"""Seconds that an answer waits for its turn before it goes back to the inbox."""


class Quota:
    """Counts messages per key against limits such as 30 in 60 s and 1,000 in 3,600 s.

    By the clock that only goes forward: whoever sets the machine's clock opens or shuts nothing. A restart forgets
    what was sent; the platform's own answer (45009) then still holds us back.
    """

    def __init__(self, *limits: tuple[int, int]) -> None:
        """Take pairs of how many and in how many seconds."""
        self._limits = limits
        self._longest = max(seconds for _, seconds in limits)
        self._sent: dict[str, deque[float]] = {}
        """When messages went to each key, within the longest window."""

    def left(self, key: str) -> int:
        """Return how many messages may go to ``key`` right now."""
        sent, now = self._within(key), time.monotonic()
        return min(max(most - sum(at > now - seconds for at in sent), 0) for most, seconds in self._limits)

    def wait(self, key: str) -> float:
        """Return the seconds until one more message may go to ``key``; 0 when it may go now."""
        sent, now = self._within(key), time.monotonic()
        # The window is full until the last but so many has left it.
        ends = [sent[-most] + seconds - now for most, seconds in self._limits if len(sent) >= most]
        return max([0.0, *ends])

    def fill(self, key: str) -> None:
        """Believe the platform that ``key`` is full."""
        for _ in range(self.left(key)):
            self.count(key)

    def count(self, key: str) -> None:
        """Count a message that has been sent without waiting for its turn."""
        now = time.monotonic()
        if key not in self._sent:
            self._sent = {other: sent for other, sent in self._sent.items() if sent[-1] > now - self._longest}
        self._sent.setdefault(key, deque()).append(now)

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

    def _within(self, key: str) -> deque[float]:
        """Return when messages went to ``key``, as far as a window holds them yet."""
        sent, oldest = self._sent.get(key, deque()), time.monotonic() - self._longest
        while sent and sent[0] <= oldest:
            sent.popleft()
        if not sent:
            self._sent.pop(key, None)
        return sent
