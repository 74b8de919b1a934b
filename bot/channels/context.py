"""What every channel is made from."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.asking import Asker
from bot.notices.subscription_commands import SubscriptionCommands
from bot.settings import Settings
from bot.store.database import Store


@dataclass(frozen=True, slots=True)
class ChannelContext:
    """The process's settings, its store and its way to ask."""

    settings: Settings
    store: Store
    asker: Asker

    @property
    def subscriptions(self) -> SubscriptionCommands:
        """What carries out what is said about notices."""
        return SubscriptionCommands(self.store, self.asker.subjects, self.settings.notice_quiet)


@dataclass(frozen=True, slots=True)
class Unset:
    """A channel that does not start because nothing is set for it."""

    channel: str
    setting: str
    """The environment variable that would start it."""
