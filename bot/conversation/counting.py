"""Counts what each person did within the last seconds, by a clock that nobody can put back."""

from __future__ import annotations

import time
from collections import defaultdict, deque

_TIDY_EVERY = 1_000
"""New names after which those are forgotten that have done nothing lately."""


class Window:
    """A moving window over everybody's deeds; ``hit`` counts one more unless there are enough."""

    def __init__(self, most: int, seconds: float) -> None:
        """Allow ``most`` within ``seconds``."""
        self._most = most
        self._seconds = seconds
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)
        self._tidy_at = _TIDY_EVERY

    def hit(self, name: str) -> bool:
        """Count one of ``name``, if there may be one more; returns whether there might."""
        if self.is_full(name):
            return False
        self.add(name)
        return True

    def add(self, name: str) -> None:
        """Count one more of ``name``, also beyond what is allowed."""
        self._times[name].append(time.monotonic())
        if len(self._times) >= self._tidy_at:
            self._tidy()

    def is_full(self, name: str) -> bool:
        """Whether ``name`` may not do it once more now."""
        return not self.left(name)

    def left(self, name: str) -> int:
        """Return how often ``name`` may do it now."""
        return max(self._most - len(self._of(name)), 0)

    def wait(self, name: str) -> float:
        """Return the seconds until ``name`` may do it once more; 0 when that is now."""
        times = self._of(name)
        # Full until the last but so many has left the window.
        return max(times[-self._most] + self._seconds - time.monotonic(), 0.0) if len(times) >= self._most else 0.0

    def _of(self, name: str) -> deque[float]:
        times = self._times.get(name, deque())
        self._drop(times)
        return times

    def _drop(self, times: deque[float]) -> None:
        since = time.monotonic() - self._seconds
        while times and times[0] < since:
            times.popleft()

    def _tidy(self) -> None:
        for name, times in list(self._times.items()):
            self._drop(times)
            if not times:
                del self._times[name]
        self._tidy_at = len(self._times) + _TIDY_EVERY
