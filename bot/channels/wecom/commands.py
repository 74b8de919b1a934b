"""``python -m bot wecom menu``: creates the self-built app's menu, once and not at every start."""

from __future__ import annotations

import asyncio

import typer

from bot.channels.wecom.app.menu import menu_buttons
from bot.channels.wecom.errors import WeComError
from bot.channels.wecom.make import make_api
from bot.messages import say
from bot.settings import SettingError, Settings, load_settings


def create_menu() -> int:
    """Create the menu; returns 2, and prints why, when that is not possible."""
    try:
        asyncio.run(_create_menu(load_settings()))
    except SettingError as error:
        typer.echo(error, err=True)
    except WeComError as error:
        typer.echo(say("wecom.menu_failed", reason=error), err=True)
    else:
        typer.echo(say("wecom.menu_made"))
        return 0
    return 2


async def _create_menu(settings: Settings) -> None:
    # Somebody is watching: what fails is told at once and not tried again.
    api = make_api(settings, pauses=())
    try:
        await api.create_menu(menu_buttons())
    finally:
        await api.close()
