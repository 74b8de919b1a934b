"""``wence mcp``: the plans as tools of a model that runs on this machine."""

from __future__ import annotations

import asyncio

import typer

from bot.api.stdio import serve
from bot.conversation.asking import Asker
from bot.progress import ProgressLines
from bot.reading.aliases import OwnFileError
from bot.serving.open_answerer import open_as_set
from bot.settings import SettingError, load_settings
from index.errors import StorageError


def serve_tools() -> int:
    """Serve until the program that started this closes its side; returns the exit code."""
    try:
        settings = load_settings()
        asyncio.run(serve(Asker(lambda: open_as_set(settings, ProgressLines()))))
    except (SettingError, OwnFileError, StorageError) as error:
        typer.echo(error, err=True)
        return 2
    return 0
