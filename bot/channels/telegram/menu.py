"""The command menu that Telegram shows beside the text field."""

from __future__ import annotations

from telegram import BotCommand

from bot.messages import table


def menu() -> list[BotCommand]:
    """Return the commands in the order of ``messages.toml``."""
    return [BotCommand(name, meaning) for name, meaning in table("commands").items()]
