"""``python -m corpus``: look at plans as data."""

from __future__ import annotations

from corpus.commands import interrupts


def main() -> None:
    """Run the command line."""
    interrupts.end_at_once()
    from corpus.commands.cli import app
    from corpus.commands.ending import run_command

    run_command(app, "python -m corpus")


main()
