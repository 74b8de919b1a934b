"""Telegram, through python-telegram-bot: each file translates one kind of update, ``limits`` holds the platform's."""

from __future__ import annotations

import os

from bot.channels.base import Channel
from bot.channels.ground import Ground, Unset
from bot.settings import variable

# The library's own switch to say pauses in timedelta, as its next major version will.
os.environ.setdefault("PTB_TIMEDELTA", "true")


def make(ground: Ground) -> Channel | Unset:
    """Return the channel when its token is set; the library is imported only then."""
    if not ground.settings.telegram_token.get_secret_value():
        return Unset("telegram", variable("telegram_token"))
    from bot.channels.telegram.channel import TelegramChannel

    return TelegramChannel(ground)
