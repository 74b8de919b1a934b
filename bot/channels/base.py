"""The small interfaces that every platform stands behind.

The runner takes a channel's lease, opens it, and keeps it open until told to stop. Meanwhile a ``Receiver`` takes
updates and is handed each kept one: one at a time within a conversation, many conversations at once. A
``NoticeSender`` is handed the notices of its chats. A channel translates between its platform and ``Answer`` values;
it knows nothing about plans.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence

from starlette.routing import BaseRoute

from bot.answering.answer import Answer
from bot.notices.sending import ChannelRefusedError, Doubles, NoticePace
from bot.store.inbox import InboxRow, Update

__all__ = ["Accept", "Channel", "ChannelRefusedError", "NoticeSender", "Receiver", "UnreadableUpdateError"]

Accept = Callable[[Sequence[Update]], Awaitable[None]]
"""Keeps updates in the inbox; when it returns they are committed and may be confirmed to the platform."""


class UnreadableUpdateError(Exception):
    """A kept update is not what the platform's library can read: it is set aside and never tried again."""


class Channel(ABC):
    """One platform."""

    name: str
    """Names it in the log, in the inbox and in its lease."""

    @property
    def is_connected(self) -> bool:
        """Whether the platform is in reach, as far as is known since ``open``; shown by ``/readyz``."""
        return True

    @abstractmethod
    async def open(self) -> None:
        """Connect. ChannelRefusedError ends this channel for good; ConnectionError is tried again with a pause."""

    @abstractmethod
    async def close(self) -> None:
        """Disconnect; also after a failed ``open``."""

    async def tidy(self) -> None:  # noqa: B027 - for those that keep something
        """Forget what has expired; called when serving begins and every few hours."""

    def routes(self) -> Sequence[BaseRoute]:
        """Return the pages that the channel shows in the shared web app, while another replica serves it, too."""
        return ()


class Receiver(Channel):
    """A platform whose users write to the bot."""

    @abstractmethod
    async def receive(self, accept: Accept) -> None:
        """Take updates from the platform until cancelled; one that only has ``callbacks`` just waits."""

    @abstractmethod
    async def handle(self, row: InboxRow) -> None:
        """Answer one update and mark it done in the transaction that keeps what the answer changed.

        An OSError (the platform is away) has it tried again, UnreadableUpdateError has it set aside; anything else that
        is raised ends it with an apology.
        """

    @abstractmethod
    async def apologise(self, row: InboxRow) -> None:
        """Tell who asked, in one line, that this update could not be answered."""

    def callbacks(self, accept: Accept) -> Sequence[BaseRoute]:  # noqa: ARG002 - for those that are called
        """Return the addresses at which the platform delivers updates, while another replica answers, too."""
        return ()


class NoticeSender(Channel):
    """A platform that takes messages unasked."""

    notice_pace: NoticePace
    """How many notices it may send."""
    doubles: Doubles = Doubles()
    """Which second copy of a notice the platform drops."""

    @abstractmethod
    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send one message unasked and return the platform's id of it, empty where it gives none.

        It waits for nothing, and raises what became of the message by name (``bot.notices.sending.SendError``).
        """

    @abstractmethod
    async def send_picture(self, chat: str, notice: Answer) -> None:
        """Send the picture of a notice whose words have been sent; one that does not get through is not missed.

        It raises nothing but what the platform's library does, and is given up after a while.
        """
