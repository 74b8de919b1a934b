"""``python -m bot erase``: deletes what is kept about one person or chat."""

from __future__ import annotations

import asyncio

import typer

from bot.cli.errors import prints_errors
from bot.conversation.unanswered import hashed
from bot.keys import load_key
from bot.messages import say
from bot.settings import Settings, load_settings
from bot.store.database import Store
from bot.store.erasure import erase
from bot.turns import By

_CHANNELS = ("telegram", "wecom-aibot", "wecom-app", "web")
"""In which somebody may have asked in vain."""


@prints_errors()
def erase_person(name: str) -> int:
    """Delete the rows of the person or chat with the platform's id ``name``; returns the exit code."""
    done = asyncio.run(_erase(load_settings(), name))
    for table, count in done.items():
        typer.echo(f"{table}\t{count}")
    typer.echo(say("erase.done" if done else "erase.nothing", name=name), err=True)
    return 0


async def _erase(settings: Settings, name: str) -> dict[str, int]:
    key = load_key(settings.data_dir, "gaps")
    store = Store(settings.sql_url())
    try:
        await store.open()
        return await erase(store, name, [hashed(key, By(channel, name)) for channel in _CHANNELS])
    finally:
        await store.close()
