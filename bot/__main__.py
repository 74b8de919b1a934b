"""``python -m bot``."""

from __future__ import annotations

from bot.cli.entry import run

run("python -m bot")
