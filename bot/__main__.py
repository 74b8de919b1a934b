"""``python -m bot``."""

from __future__ import annotations

from corpus.commands import interrupts


def main() -> None:
    """Run the command line."""
    interrupts.end_at_once()
    from bot.cli.main import app
    from corpus.commands.ending import run_command

    run_command(app, "python -m bot")


main()
