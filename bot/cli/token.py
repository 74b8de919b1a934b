"""``wence token``: tokens for other programs, made, listed and taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import prints_errors
from bot.messages import say
from bot.settings import load_settings
from bot.store.api_tokens import ApiTokens
from bot.store.database import Store
from bot.store.scope import Scope
from bot.zone import ZONE

_COLUMNS = ("number", "name", "scopes", "pace", "until")


def add_token(name: str, scopes: Sequence[Scope], per_minute: int, days: int) -> int:
    """Print a new token; returns the exit code."""

    async def make(tokens: ApiTokens) -> int:
        token = await tokens.make(name, frozenset(scopes or Scope), per_minute, days)
        typer.echo(token)
        typer.echo(say("token.made", name=name, days=days), err=True)
        return 0

    return _with_tokens(make)


def list_tokens() -> int:
    """Print whose tokens there are; returns the exit code."""

    async def show(tokens: ApiTokens) -> int:
        shown = Table(*(say(f"token.{column}") for column in _COLUMNS))
        for one in await tokens.every():
            until = datetime.fromtimestamp(one.expires_at, ZONE).date()
            shown.add_row(one.number, one.name, " ".join(sorted(one.scopes)), str(one.per_minute), str(until))
        Console().print(shown if shown.row_count else say("token.none"))
        return 0

    return _with_tokens(show)


def remove_token(number: str) -> int:
    """Take a token back; returns the exit code."""

    async def take(tokens: ApiTokens) -> int:
        gone = await tokens.take_back(number)
        typer.echo(say("token.gone" if gone else "token.unknown", number=number), err=not gone)
        return 0 if gone else 1

    return _with_tokens(take)


@prints_errors()
def _with_tokens(work: Callable[[ApiTokens], Awaitable[int]]) -> int:
    async def run() -> int:
        store = Store(load_settings().sql_url())
        try:
            await store.open()
            return await work(ApiTokens(store))
        finally:
            await store.close()

    return asyncio.run(run())
