"""``python -m bot web`` and ``python -m bot link``: the page alone, and links that let somebody in."""

from __future__ import annotations

import typer

from bot.channels.web.links import make_link
from bot.channels.web.make import make_page
from bot.messages import say
from bot.open_answerer import open_as_set
from bot.progress import ProgressLines
from bot.run import run
from bot.settings import SettingError, load_settings


def serve_page() -> int:
    """Serve the page alone until stopped; returns the exit code."""
    try:
        return run(lambda settings: open_as_set(settings, ProgressLines()), (make_page,))
    except SettingError as error:
        typer.echo(error, err=True)
        return 2


def print_link(days: int) -> int:
    """Print a link that lets in whoever has it; returns the exit code."""
    try:
        typer.echo(make_link(load_settings(), days))
    except SettingError as error:
        typer.echo(error, err=True)
        return 2
    typer.echo(say("web.link_made", days=days), err=True)
    return 0
