"""A question and what came of it, for what counts and remembers; and the id that tells a message in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from bot.answering.answer import Answer


@dataclass(frozen=True, slots=True)
class By:
    """Who asked, where."""

    channel: str
    person: str
    """As the platform names them; kept nowhere as it stands."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One answered message."""

    by: By
    text: str
    answer: Answer
    seconds: float
    """Spent on answering, the wait for a free thread in it, sending not."""
    by_model: bool
    """Whether it was put in the row of those that wait for the embedding model."""


Watcher = Callable[[Turn], None]
"""Told of every turn, on the event loop; must return at once and raise nothing."""


def request_id(channel: str, key: str) -> str:
    """Return the id that stands in every log line about a message, and in the apology for it.

    Made from the platform's own id ``key``, so that a message that is answered again after a crash keeps it; hashed,
    since some platforms' ids hold a user's.
    """
    return hashlib.blake2b(f"{channel}:{key}".encode(), digest_size=6).hexdigest()
