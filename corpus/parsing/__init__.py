"""Documents of others → plans, in a process of its own: no text can hang, crash or fill the memory of who asks."""

from __future__ import annotations

from corpus.parsing.guard import parse_guarded

__all__ = ["parse_guarded"]
