"""The small interface that every platform stands behind.

The runner takes a channel's lease, opens it, lets it ``receive`` until told to stop, and hands each kept update
back to ``handle``: one at a time within a conversation, many conversations at once. A channel translates between
its platform and ``Answer`` values; it knows nothing about plans.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence

from starlette.routing import BaseRoute

from bot.answering.answer import Answer
from bot.notices.sending import Doubles, NoticePace, NoticeRefusedError
from bot.store.inbox import InboxRow, Update

Accept = Callable[[Sequence[Update]], Awaitable[None]]
"""Keeps updates in the inbox; when it returns they are committed and may be confirmed to the platform."""


class ChannelRefusedError(Exception):
    """The platform refuses the channel's settings; the text is Chinese and names the setting."""


class UnreadableUpdateError(Exception):
    """A kept update is not what the platform's library can read: it is set aside and never tried again."""


class Channel(ABC):
    """One platform."""

    name: str
    """Names it in the log, in the inbox and in its lease."""
    notice_pace: NoticePace | None = None
    """How many notices it may send; None for a channel that sends none."""
    doubles: Doubles = Doubles()
    """Which second copy of a notice the platform drops."""

    @property
    def is_connected(self) -> bool:
        """Whether the platform is in reach, as far as is known since ``open``; shown by ``/readyz``."""
        return True

    @abstractmethod
    async def open(self) -> None:
        """Connect. ChannelRefusedError ends this channel for good; ConnectionError is tried again with a pause."""

    @abstractmethod
    async def receive(self, accept: Accept) -> None:
        """Take updates from the platform until cancelled; one that only has ``routes`` just waits."""

    @abstractmethod
    async def handle(self, row: InboxRow) -> None:
        """Answer one update and mark it done in the transaction that keeps what the answer changed.

        An OSError (the platform is away) has it tried again, UnreadableUpdateError has it set aside; anything else that
        is raised ends it with an apology.
        """

    @abstractmethod
    async def apologise(self, row: InboxRow) -> None:
        """Tell who asked, in one line, that this update could not be answered."""

    @abstractmethod
    async def close(self) -> None:
        """Disconnect; also after a failed ``open``."""

    async def send_notice(self, chat: str, notice: Answer) -> str:  # noqa: ARG002 - for those that can
        """Send one message unasked and return the platform's id of it, empty where it gives none.

        It waits for nothing, and raises what became of the message by name (``bot.notices.sending.SendError``).
        """
        raise NoticeRefusedError("this channel sends no notices")

    async def send_picture(self, chat: str, notice: Answer) -> None:  # noqa: B027 - for those that can
        """Send the picture of a notice whose words have been sent; one that does not get through is not missed.

        It raises nothing but what the platform's library does, and is given up after a while.
        """

    async def tidy(self) -> None:  # noqa: B027 - for those that keep something
        """Forget what has expired; called when serving begins and every few hours."""

    def routes(self, accept: Accept) -> Sequence[BaseRoute]:  # noqa: ARG002 - for those that have some
        """Return what the channel needs in the shared web app; it is there even while another replica answers."""
        return ()
