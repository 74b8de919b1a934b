"""What carries over from one message of a chat to the next.

A ``ChatState`` is a value: the channel stores it per conversation (in a group: per person) and hands it back with
the next message. A button is bound to the state its message was made with, so it works on old messages too.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class ChatState:
    """The default district of a chat and its last question."""

    district: str = ""
    """Asked about when a message names none; empty covers every plan."""
    query: str = ""
    """The last ``Query`` as JSON; empty before the first."""
    page: int = 1
    asked_at: float = 0.0
    """Unix seconds of the last question; an old one no longer carries over."""

    def to_json(self) -> str:
        """Return the state as one line of JSON."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> ChatState:
        """Read a state; an unreadable one is an empty one (a chat must go on after an upgrade)."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return cls()
