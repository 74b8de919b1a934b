"""What the token of another program lets its holder do."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One thing that a token is good for."""

    ASK = "ask"
    """Ask in words, and send queries."""
    READ = "read"
    """List and read what the plans hold."""
