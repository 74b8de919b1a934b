"""Labels of characters as tags of tokens, and back."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reading.tags import TagLabel
from index.models.default.heads import TAGS
from scripts.training.data_files import Said

IGNORED = -100
"""Tag of what is no token of the message: the prompt, the ends, the filling."""


def token_tags(said: Said, offsets: Sequence[tuple[int, int]], prompt: int) -> list[int]:
    """Return a tag for each token; ``offsets`` are of the text behind a prompt of so many characters."""
    tags = []
    before: tuple[int, int, TagLabel] | None = None
    for first, last in offsets:
        start, end = first - prompt, last - prompt
        if end <= 0 or end <= start:
            tags.append(IGNORED)
            continue
        start += start < 0 or said.text[start : start + 1].isspace()
        span = next((one for one in said.spans if _most_inside(start, end, one)), None)
        if span is None:
            tags.append(0)
        else:
            tags.append(TAGS.index(f"{'I' if span == before else 'B'}-{span[2].value}"))
        before = span
    return tags


def _most_inside(start: int, end: int, span: tuple[int, int, TagLabel]) -> bool:
    shared = min(end, span[1]) - max(start, span[0])
    return shared * 2 >= end - start and shared > 0
