"""Tags of tokens → spans of characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from index.embedded.heads import ACTS, TAGS
from index.models.base import Vectors

_EDGE = "的了呢吗嘛啊吧，。？！、；：,.?!;:（）() \t"
"""Characters that a token may drag into a span and that no span ends or begins with."""


def acts_of(scores: Vectors) -> tuple[tuple[str, float], ...]:
    """Return the acts with their probabilities, the likeliest first."""
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    return tuple((ACTS[row], float(shares[row])) for row in np.argsort(-shares))


def spans_of(
    text: str, tags: Sequence[int], offsets: Sequence[tuple[int, int]], prompt: int
) -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, label) of each span; ``offsets`` are of the text behind a prompt of so many characters."""
    return tuple(_trimmed(text, span) for span in _runs(tags, offsets, prompt) if _trimmed(text, span)[0] < span[1])


def _runs(tags: Sequence[int], offsets: Sequence[tuple[int, int]], prompt: int) -> Iterator[tuple[int, int, str]]:
    start, end, label = 0, 0, ""
    for tag, (first, last) in zip(tags, offsets, strict=False):
        if last <= prompt or last <= first:
            continue
        part, _, named = TAGS[tag].partition("-")
        if label and (part != "I" or named != label):
            yield start, end, label
            label = ""
        if part != "O" and not label:
            start, label = max(first - prompt, 0), named
        if label:
            end = last - prompt
    if label:
        yield start, end, label


def _trimmed(text: str, span: tuple[int, int, str]) -> tuple[int, int, str]:
    start, end, label = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end, label
