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
        self._times[name].append(time.monotonic())
        if len(self._times) >= self._tidy_at:
            self._tidy()
        return True

    def is_full(self, name: str) -> bool:
        """Whether ``name`` may not do it once more now."""
        times = self._times.get(name)
        if times is None:
            return self._most < 1
        self._drop(times)
        return len(times) >= self._most

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
