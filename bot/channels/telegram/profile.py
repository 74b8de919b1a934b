"""What Telegram shows of the bot before anybody asks: command menus, descriptions, and the button to the page."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
    MenuButton,
    MenuButtonCommands,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.error import TelegramError

from bot.messages import say, table

log = structlog.get_logger()


async def introduce(bot: Bot, page: str) -> None:
    """Set all of it; ``page`` is the page's address where anybody may open it over HTTPS, else empty.

    None of it keeps anybody from asking: what the server does not take, or does not know yet, is only noted.
    """
    work: dict[str, Coroutine[None, None, bool]] = {
        f"menu of {scope.type}": bot.set_my_commands(commands, scope=scope) for scope, commands in menus()
    }
    work["description"] = bot.set_my_description(say("telegram.description"))
    work["short description"] = bot.set_my_short_description(say("telegram.short_description"))
    work["menu button"] = bot.set_chat_menu_button(menu_button=_button(page))
    for what, request in work.items():
        try:
            await request
        except TelegramError as error:
            log.warning("could not be set", what=what, error=str(error))


def menus() -> Iterator[tuple[BotCommandScope, list[BotCommand]]]:
    """Yield the command menu of each kind of chat: in a group only what is said there."""
    group = table("command_menus")["group"].split()
    administrators = [*group, *table("command_menus")["administrators"].split()]
    yield BotCommandScopeDefault(), _commands(list(table("commands")))
    yield BotCommandScopeAllGroupChats(), _commands(group)
    yield BotCommandScopeAllChatAdministrators(), _commands(administrators)


def _commands(names: list[str]) -> list[BotCommand]:
    return [BotCommand(name, table("commands")[name]) for name in names]


def _button(page: str) -> MenuButton:
    return MenuButtonWebApp(say("telegram.open_page"), WebAppInfo(page)) if page else MenuButtonCommands()
