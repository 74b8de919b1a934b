"""What is said when Telegram does not take the bot's token (any more)."""

from __future__ import annotations

from bot.channels.base import ChannelRefusedError
from bot.messages import say
from bot.settings import variable


def bad_token() -> ChannelRefusedError:
    """Return the error that pauses the channel: what waits is kept until the token is taken again."""
    return ChannelRefusedError(say("telegram.bad_token", name=variable("telegram_token")))
