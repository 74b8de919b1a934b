"""``python -m bot gaps``: what people asked in vain, so that aliases and plans can be added."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from datetime import datetime

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import prints_errors
from bot.conversation.unanswered import WEAK
from bot.messages import say, table
from bot.settings import Settings, load_settings
from bot.store.database import Store
from bot.store.unanswered import UnansweredGroup, UnansweredLog
from bot.zone import ZONE


@prints_errors()
def show_gaps(days: int, most: int, *, as_json: bool) -> int:
    """Print the gaps of the last ``days`` (0: all that is kept); returns 2, and says why, when that is not possible."""
    settings = load_settings()
    groups = asyncio.run(_load(settings, days or settings.gaps_days, most))
    if as_json:
        for group in groups:
            typer.echo(json.dumps(asdict(group), ensure_ascii=False))
    else:
        _show(groups)
    if settings.gaps == "off":
        typer.echo(say("gaps.off"), err=True)
    return 0


async def _load(settings: Settings, days: int, most: int) -> list[UnansweredGroup]:
    store = Store(settings.sql_url())
    try:
        await store.open()
        return await UnansweredLog(store).groups(days, most)
    finally:
        await store.close()


def _show(groups: list[UnansweredGroup]) -> None:
    if not groups:
        typer.echo(say("gaps.none"))
        return
    shown = Table(title=say("gaps.title"), title_justify="left")
    for column in ("question", "reason", "count", "people", "last"):
        shown.add_column(say(f"gaps.column_{column}"), overflow="fold")
    for group in groups:
        last = datetime.fromtimestamp(group.last_at, ZONE)
        shown.add_row(
            group.question, reason_words(group), str(group.count), str(group.people), f"{last:%Y-%m-%d %H:%M}"
        )
    console = Console()
    # Not a terminal: as wide as it needs to be, so that no question is cut in a pipe.
    console.print(shown) if console.is_terminal else Console(width=200).print(shown)
    typer.echo(say("gaps.what_now"))


def reason_words(group: UnansweredGroup) -> str:
    """Return the reason for people."""
    if group.reason == WEAK:
        return say("gap_reasons.weak", confidence=f"{group.confidence or 0:.2f}")
    kind, _, entry = group.reason.partition(".")
    return table("gap_reasons").get(entry) or table("gap_reasons")[kind]
