"""Telegram, through python-telegram-bot."""

from bot.channels.base import Channel
from bot.channels.ground import Ground, Unset


def make(_ground: Ground) -> Channel | Unset:
    """Return the channel, once it is written."""
    return Unset("Telegram", "WENCE_TELEGRAM_TOKEN")
