"""``python -m bot web | link | revoke | rekey``: the page alone, links that let somebody in, and their end."""

from __future__ import annotations

import asyncio

import typer

from bot.channels.web.links import make_link
from bot.channels.web.make import make_page
from bot.channels.web.signer import KEY
from bot.channels.web.visitors import LINK, MEMBER
from bot.cli.errors import prints_errors
from bot.keys import rotate
from bot.messages import say
from bot.progress import ProgressLines
from bot.serving.open_answerer import Opener
from bot.serving.run import run
from bot.settings import Settings, load_settings, variable
from bot.store.database import Store
from bot.store.revocations import EVERYTHING, Revocations


@prints_errors()
def serve_page() -> int:
    """Serve the page alone until stopped; returns the exit code."""
    return run(Opener(ProgressLines()), (make_page,))


@prints_errors()
def print_link(days: int) -> int:
    """Print a link that lets in whoever has it; returns the exit code."""
    link = make_link(load_settings(), days)
    typer.echo(link.url)
    typer.echo(say("web.link_made", days=days, name=link.name), err=True)
    return 0


@prints_errors()
def take_back(name: str) -> int:
    """Let in nobody any more with what was given out to ``name``; returns the exit code."""
    if name != EVERYTHING and not name.startswith((f"{LINK}:", f"{MEMBER}:")):
        typer.echo(say("web.what_to_revoke"), err=True)
        return 2
    asyncio.run(_revoke(load_settings(), name))
    typer.echo(say("web.revoked", name=name))
    return 0


async def _revoke(settings: Settings, name: str) -> None:
    store = Store(settings.sql_url())
    try:
        await store.open()
        await Revocations(store).revoke(name)
    finally:
        await store.close()


@prints_errors()
def change_key(days: int) -> int:
    """Make a new key that signs sessions and links; returns the exit code."""
    settings = load_settings()
    if settings.web_key.get_secret_value():
        typer.echo(say("web.key_is_set", name=variable("web_key")), err=True)
        return 2
    rotate(settings.data_dir, KEY, days)
    typer.echo(say("web.key_changed", days=days))
    return 0
