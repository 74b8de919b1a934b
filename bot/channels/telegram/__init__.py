"""Telegram, through python-telegram-bot: each file translates one kind of update, ``limits`` holds the platform's."""

from __future__ import annotations

import os

from bot.channels.base import Channel
from bot.channels.context import ChannelContext, Unset
from bot.conversation.chat_access import CODE_CHARACTERS, is_guessable
from bot.messages import say
from bot.settings import SettingError, variable

# The library's own switch to say pauses in timedelta, as its next major version will.
os.environ.setdefault("PTB_TIMEDELTA", "true")


def make(context: ChannelContext) -> Channel | Unset:
    """Return the channel when its token is set; the library is imported only then."""
    if not context.settings.telegram_token.get_secret_value():
        return Unset("telegram", variable("telegram_token"))
    if is_guessable(context.settings.telegram_invitation_code.get_secret_value()):
        reason = say("chat.short_code", count=CODE_CHARACTERS)
        raise SettingError.of("telegram_invitation_code", reason)
    from bot.channels.telegram.channel import TelegramChannel

    return TelegramChannel(context)
