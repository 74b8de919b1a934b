"""Cutting recognised pieces out of a message, so that what stays is its topic."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PUNCTUATION = re.compile(r"[\s,.;:!?、。·~\"'“”‘’()\[\]《》<>#@|/\\+*=^&%$-]+")


def cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return ``text`` with the spans replaced by one blank each."""
    chars = list(text)
    for start, end in spans:
        chars[start:end] = [" "] * (end - start)
    return " ".join("".join(chars).split())


def pieces(text: str) -> list[str]:
    """Return the runs of ``text`` between blanks and punctuation."""
    return [piece for piece in _PUNCTUATION.split(text) if piece]


def overlaps(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether a span shares a character with one of the others."""
    return any(span[0] < end and start < span[1] for start, end in others)
