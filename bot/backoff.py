"""Growing pauses between tries."""

from __future__ import annotations

import random


class Backoff:
    """Pauses that double from ``first`` to ``longest`` seconds, each made up to a quarter longer by chance.

    The chance keeps many bots from coming back in the same instant after the platform was away.
    """

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._next = first

    def pause(self) -> float:
        """Return the seconds to wait now; the next pause will be longer."""
        now = self._next
        self._next = min(self._next * 2, self._longest)
        return now * random.uniform(1.0, 1.25)  # noqa: S311 - not a secret

    def reset(self) -> None:
        """Start again from the first pause."""
        self._next = self._first
