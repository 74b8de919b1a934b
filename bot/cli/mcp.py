"""``wence mcp``: the plans as tools of a model that runs on this machine."""

from __future__ import annotations

import asyncio

from bot.api.stdio import serve
from bot.cli.errors import prints_errors
from bot.conversation.asking import Asker
from bot.progress import ProgressLines
from bot.reading.aliases import OwnFileError
from bot.serving.open_answerer import open_as_set
from bot.settings import load_settings
from index.errors import StorageError


@prints_errors(OwnFileError, StorageError)
def serve_tools() -> int:
    """Serve until the program that started this closes its side; returns the exit code."""
    settings = load_settings()
    asyncio.run(serve(Asker(lambda: open_as_set(settings, ProgressLines()))))
    return 0
