"""How long steps are told to a person: what is being done and how far it is, a line for each tenth."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bot.messages import say
from index.progress import Stage


def _print(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class ProgressLines:
    """Tells how far a long step is, on standard error where nothing else is given."""

    def __init__(self, tell: Callable[[str], object] = _print) -> None:
        self._tell = tell
        self._last: tuple[Stage, int] | None = None

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        """Tell, unless this tenth has been told; a step of one piece is told as it begins."""
        tenth = done * 10 // total if total else 10
        if (stage, tenth) == self._last or (total <= 1 and done):
            return
        self._last = (stage, tenth)
        counted = say("progress.counted", done=done, total=total) if total > 1 else ""
        self._tell(say(f"progress.{stage.value}") + counted)
