"""Where ``wence`` and ``python -m bot`` begin; imports next to nothing, so that Ctrl-C is clean from the beginning."""

from __future__ import annotations

from typing import NoReturn

from corpus.commands import interrupts


def main() -> NoReturn:
    """Run the command line as what was typed."""
    from corpus.program import called

    run(called())


def run(name: str) -> NoReturn:
    """Run the command line under a name."""
    interrupts.end_at_once()
    from bot.cli.main import app
    from corpus.commands.ending import run_command

    run_command(app, name)
