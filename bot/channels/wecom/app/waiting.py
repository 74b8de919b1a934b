"""The callbacks that are still open: an answer that is ready in time goes back in the callback's own response."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.channels.wecom.limits import CALLBACK_TRIES, CALLBACK_WITHIN

_KEEP = 2 * CALLBACK_WITHIN * (1 + CALLBACK_TRIES)
"""Seconds that an answer is kept for the platform's next try: twice as long as all of them take."""


@dataclass(slots=True)
class _Place:
    """Where the answer to one message goes."""

    answer: asyncio.Future[str]
    waiting: int = 0
    """Callbacks that are open: more than one while the platform tries again."""


class Waiting:
    """Brings an answer to the callback that waits for it; whoever comes first, the answer or the end of waiting, wins.

    An answer whose response got lost on the way is given again to the platform's next try.
    """

    def __init__(self) -> None:
        self._open: dict[str, _Place] = {}
        self._given: dict[str, tuple[str, float]] = {}

    @contextmanager
    def place(self, key: str) -> Iterator[asyncio.Future[str]]:
        """Wait here for the answer to ``key``; to be opened before the message can be answered."""
        place = self._open.setdefault(key, _Place(asyncio.get_running_loop().create_future()))
        place.waiting += 1
        try:
            yield place.answer
        finally:
            place.waiting -= 1
            if not place.waiting:
                self._open.pop(key, None)

    def give(self, key: str, text: str) -> bool:
        """Hand over an answer; False when nobody waits (any more) and it must be sent another way."""
        place = self._open.pop(key, None)
        if place is None:
            return False
        self._given = {k: v for k, v in self._given.items() if v[1] > time.monotonic()}
        self._given[key] = (text, time.monotonic() + _KEEP)
        place.answer.set_result(text)
        return True

    def given(self, key: str) -> str | None:
        """Return the answer that was handed over for ``key`` a moment ago."""
        return self._given.get(key, (None, 0.0))[0]
