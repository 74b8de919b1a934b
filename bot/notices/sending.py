"""What delivery asks of a channel, and what can become of one message.

SendError
├── LaterError      not sent; the platform, or our share of its limits, asks for a pause
├── GoneError       not sent; the chat is no more, or the bot is no more in it
├── MovedError      not sent; the chat has another id now
├── RefusedError    not sent, and never will be
├── UnknownError    it may have been sent or not: the answer was lost
└── ChannelRefusedError    not sent; the platform takes nothing from this channel until its settings are put right
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.answering.answer import Answer


class SendError(Exception):
    """A message that was not sent, or not for certain; the text says why."""


class LaterError(SendError):
    """Try again after ``seconds``; ``everywhere`` when no chat of the channel is sent to before."""

    def __init__(self, reason: str, seconds: float, *, everywhere: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.everywhere = everywhere


class GoneError(SendError):
    """The chat was dissolved, or has thrown the bot out."""


class MovedError(SendError):
    """The chat is reached under ``chat`` from now on."""

    def __init__(self, chat: str) -> None:
        super().__init__(f"moved to {chat}")
        self.chat = chat


class NoticeRefusedError(SendError):
    """The platform does not take this message."""


class ChannelRefusedError(SendError):
    """The platform refuses the channel's settings; the text is Chinese and names the setting."""


class UnknownError(SendError):
    """Whether the message went out can't be known."""


@dataclass(frozen=True, slots=True)
class NoticePace:
    """How many notices may go out: pairs of how many and in how many seconds, below what the platform allows.

    The rest is for answers: who asks must not wait for what nobody waits for.
    """

    per_chat: tuple[tuple[int, float], ...]
    overall: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Doubles:
    """Which second copy of a message its platform drops."""

    seconds: float = 0.0
    """For so long after the first; 0 where it drops none."""
    kept_in: str = ""
    """What the chats begin with in which it drops none all the same."""

    def dropped_in(self, chat: str) -> bool:
        """Whether a second copy does no harm in ``chat``."""
        return bool(self.seconds) and not (self.kept_in and chat.startswith(self.kept_in))


class Messenger(Protocol):
    """A channel that can send without being asked; ``bot.channels.base.NoticeSender`` is one."""

    name: str
    notice_pace: NoticePace
    doubles: Doubles

    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send one message and return the platform's id of it, empty where it gives none; SendError otherwise."""

    async def send_picture(self, chat: str, notice: Answer) -> None:
        """Send the picture of a message that has been sent, where the channel can."""
