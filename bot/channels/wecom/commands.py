"""``python -m bot wecom …``: what is set up once and not at every start: the self-built app's menu, its group chats."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import typer

from bot.channels.wecom.app.api import AppApi
from bot.channels.wecom.app.channel import GROUP_CHAT
from bot.channels.wecom.app.menu import menu_buttons
from bot.channels.wecom.errors import WeComError
from bot.channels.wecom.make import make_api
from bot.messages import say
from bot.settings import SettingError, load_settings


def create_menu() -> int:
    """Create the menu; returns 2, and prints why, when that is not possible."""

    async def work(api: AppApi) -> str:
        await api.create_menu(menu_buttons())
        return say("wecom.menu_made")

    return _run(work)


def create_group(name: str, members: tuple[str, ...]) -> int:
    """Create a group chat that the app may push to; prints its conversation. Returns as ``create_menu``."""

    async def work(api: AppApi) -> str:
        return say("wecom.group_made", conversation=GROUP_CHAT + await api.create_chat(name, members))

    return _run(work)


def _run(work: Callable[[AppApi], Awaitable[str]]) -> int:
    try:
        typer.echo(asyncio.run(_with_api(work)))
    except SettingError as error:
        typer.echo(error, err=True)
    except WeComError as error:
        typer.echo(say("wecom.not_made", reason=error), err=True)
    else:
        return 0
    return 2


async def _with_api(work: Callable[[AppApi], Awaitable[str]]) -> str:
    # Somebody is watching: what fails is told at once and not tried again.
    api = make_api(load_settings(), pauses=())
    try:
        return await work(api)
    finally:
        await api.close()
