"""``python -m bot``."""

from __future__ import annotations

from collections.abc import Callable

from corpus.ending import run_command


def _load() -> Callable[..., object]:
    from bot.cli import app

    return app


run_command(_load, "python -m bot")
