"""What passes between a channel and a conversation: what somebody said, and what is shown for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from bot.answering.answer import Answer
from bot.conversation.plan_intake import SentFile
from bot.query.chat_state import ChatState
from bot.store.shown import Shown


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody said, and where, in the form the store keeps."""

    key: str
    """Of the inbox row that it ends."""
    words: str
    person: str
    chat: str
    address: str
    """Where notices of what is followed here are sent, as the channel's ``send_notice`` takes it."""
    private: bool
    conversation: str = ""
    """Whose conversation within the chat it is; empty for the chat's own."""
    sent_at: float = 0.0
    """Unix seconds, where the message may have waited so long that it is out of date; else 0."""
    pressed: bool = False
    """Whether these are a button's words, said in that button's state."""
    state: ChatState | None = None
    """The state of the message that it belongs to: that was edited, replied to, or carries the button."""
    about: str = ""
    """The words of somebody else's message that it is about."""
    name: str = ""
    """Of who speaks, as the platform shows it; empty where it does not say."""
    file: SentFile | None = None
    """A file that came with it."""
    again: bool = False
    """Whether it may have been answered already, before a crash, by what its platform does not know as the same."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said in which state, and the answer."""

    said: str
    before: ChatState
    answer: Answer
    after: ChatState
    by_command: bool
    """Whether the words told the bot to do something, and asked nothing about plans."""

    @property
    def is_remark(self) -> bool:
        """Whether the answer is one line that leads no further: a button tells it without changing the message."""
        return self.by_command and not self.answer.choices


@dataclass(frozen=True, slots=True)
class Presented:
    """What is to be kept of a shown answer."""

    after: ChatState | None
    """The conversation's next state, with the page that is shown; None leaves it as it was."""
    shown: Shown | None = None
    """What the message shows now, where it can be referred to later."""


class Surface(ABC):
    """Where one utterance is answered; made by the channel for each."""

    @abstractmethod
    async def tell(self, line: str) -> None:
        """Say one line that nothing hangs on."""

    @abstractmethod
    async def show(self, exchange: Exchange) -> Presented:
        """Show an answer, and return what is to be kept of it."""

    @abstractmethod
    async def show_picture(self, answer: Answer) -> None:
        """Send the picture of an answer; the utterance has ended before, so what goes wrong here is only told."""

    @abstractmethod
    async def show_file(self, answer: Answer) -> None:
        """Send an answer as the file that it asks for; what goes wrong is only told, as with a picture."""

    async def show_receipt(self, line: str, count: int, *, private: bool) -> None:  # noqa: ARG002 - for those that can
        """Tell who has confirmed an announcement, as ``count`` people have by now.

        In a group, where forty do, it is only told where nobody else hears it.
        """
        if private:
            await self.tell(line)

    async def is_admin(self) -> bool:
        """Whether the platform knows who speaks as an administrator of this group."""
        return False

    def working(self, *, preparing: bool) -> AbstractAsyncContextManager[None]:  # noqa: ARG002 - for those that can
        """Show meanwhile that the answer is being made; ``preparing`` while the plans are still being read."""
        return _nothing()


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield
