"""Texts that several threads ask for at the same time go through a model in one pass."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.models.base import Vectors

    Run = Callable[[Sequence[str]], Vectors]

MOST = 16
"""Texts in one pass: the first of them waits for all."""


class _Asked:
    """A text that a thread waits for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.vector: Vectors | None = None


class Together:
    """Calls ``run`` from one thread at a time, each time with all that was asked for meanwhile.

    ``run`` returns a row for each text.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: list[_Asked] = []

    @property
    def waiting(self) -> int:
        """How many texts are asked for and have no row yet."""
        return len(self._waiting)

    def __call__(self, text: str) -> Vectors:
        """Return the row of ``text``; raises what ``run`` raises."""
        mine = _Asked(text)
        with self._lock:
            self._waiting.append(mine)
        try:
            with self._turn:
                while mine.vector is None:
                    self._run_waiting()
        finally:
            with self._lock:
                # Still there only when the model failed; the others then try for themselves.
                self._waiting = [one for one in self._waiting if one is not mine]
        return mine.vector

    def _run_waiting(self) -> None:
        with self._lock:
            batch = self._waiting[:MOST]
        texts = list(dict.fromkeys(one.text for one in batch))
        rows = dict(zip(texts, self._run(texts), strict=True))
        for one in batch:
            one.vector = rows[one.text]
        with self._lock:
            self._waiting = [one for one in self._waiting if one.vector is None]
