"""Who holds the token of another program, and what it lets its holder do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """One thing that a token is good for."""

    ASK = "ask"
    """Ask in words, and send queries."""
    READ = "read"
    """List and read what the plans hold."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token it is, and what it may do."""

    number: str
    """Tells it in lists; part of the token, and no secret."""
    name: str
    scopes: frozenset[Scope]
    per_minute: int
    """Requests; 0 for as many as it likes."""
    made_at: float
    expires_at: float
    """Unix seconds, both."""
