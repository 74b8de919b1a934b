"""How many messages may still go out: sliding windows, kept in memory."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable


class Quota:
    """Counts messages per key against limits such as 30 in 60 s and 1,000 in 3,600 s.

    A restart forgets what was sent; the platform's own answer (45009) then still holds us back.
    """

    def __init__(self, *limits: tuple[int, float], clock: Callable[[], float] = time.monotonic) -> None:
        """Take pairs of how many and in how many seconds."""
        self._limits = limits
        self._longest = max(seconds for _, seconds in limits)
        self._clock = clock
        self._sent: dict[str, deque[float]] = defaultdict(deque)

    def left(self, key: str) -> int:
        """Return how many messages may go to ``key`` right now."""
        sent, now = self._fresh(key), self._clock()
        return min(most - sum(at > now - seconds for at in sent) for most, seconds in self._limits)

    def wait(self, key: str) -> float:
        """Return the seconds until one more message may go to ``key``; 0 when it may go now."""
        sent, now = self._fresh(key), self._clock()
        full = ((sent[-most], seconds) for most, seconds in self._limits if len(sent) >= most)
        return max((at + seconds - now for at, seconds in full), default=0.0)

    def take(self, key: str) -> None:
        """Count one message."""
        self._fresh(key).append(self._clock())

    def fill(self, key: str) -> None:
        """Believe the platform that ``key`` is full: count up to the first limit."""
        for _ in range(self.left(key)):
            self.take(key)

    async def slot(self, key: str) -> None:
        """Wait until a message may go to ``key``, then count it."""
        while (seconds := self.wait(key)) > 0:  # noqa: ASYNC110 - it is time that is waited for
            await asyncio.sleep(seconds)
        self.take(key)

    def _fresh(self, key: str) -> deque[float]:
        sent, oldest = self._sent[key], self._clock() - self._longest
        while sent and sent[0] <= oldest:
            sent.popleft()
        return sent
