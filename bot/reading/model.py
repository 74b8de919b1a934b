"""What the index's model reads in a message, as tags that the reader weighs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.reading.tags import Tag, Tagger, TagLabel, Tags

if TYPE_CHECKING:
    from index.models.base import Read

SURE = 0.6
"""Probability from which the model's act is taken; docs/retrieval.md has its reliability on plans set aside."""


def tagger_of(read: Callable[[str], Read | None]) -> Tagger:
    """Return what asks a model for tags."""

    def tagger(text: str) -> Tags | None:
        found = read(text)
        if found is None:
            return None
        act, share = found.acts[0]
        spans = tuple(Tag(start, end, TagLabel(label)) for start, end, label in found.spans)
        return Tags(act if share >= SURE else "", spans, found.parts)

    return tagger
