"""What every channel is made from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.conversation.asking import Asker
from bot.conversation.chat_access import ChatAccess
from bot.conversation.plan_intake import PlanIntake
from bot.conversation.session import ChatSession, SessionRules
from bot.conversation.unanswered import UnansweredRecorder
from bot.notices.subscription_commands import SubscriptionCommands
from bot.settings import Settings
from bot.store.database import Store


@dataclass(frozen=True, slots=True)
class ChannelContext:
    """The process's settings, its store and its way to ask."""

    settings: Settings
    store: Store
    asker: Asker
    unanswered: UnansweredRecorder | None = None
    """Where questions go whose answers are found wrong."""

    @property
    def subscriptions(self) -> SubscriptionCommands:
        """What carries out what is said about notices."""
        return SubscriptionCommands(self.store, self.asker.subjects, self.settings.notice_quiet)

    @property
    def intake(self) -> PlanIntake:
        """What takes in plans that operators send."""
        return PlanIntake(self.settings.data_dir)

    def session(self, channel: str, access: ChatAccess, operators: Collection[str]) -> ChatSession:
        """Make the conversations of a channel; ``operators`` may announce there."""
        rules = SessionRules(operators, self.settings.stale_after, self.settings.button_days)
        return ChatSession(
            channel, self.store, self.asker, self.subscriptions, access, self.intake, rules, self.unanswered
        )


@dataclass(frozen=True, slots=True)
class Unset:
    """A channel that does not start because nothing is set for it."""

    channel: str
    setting: str
    """The environment variable that would start it."""
