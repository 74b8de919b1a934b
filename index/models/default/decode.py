"""Tags of tokens → spans of characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from index.models.base import Vectors
from index.models.default.heads import ACTS, PARTS, TAGS

_LIKELY = 0.85
"""Logit of a part from which it is told: seven in ten. A wrong one cuts a list."""
_EDGE = "的了呢吗嘛啊吧，。？！、；：,.?!;:（）() \t"
"""Characters that a token may drag into a span and that no span ends or begins with."""


def acts_of(scores: Vectors) -> tuple[tuple[str, float], ...]:
    """Return the acts with their probabilities, the likeliest first; ``scores`` of acts and parts, in one row."""
    scores = scores[: len(ACTS)]
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    return tuple((ACTS[row], float(shares[row])) for row in np.argsort(-shares))


def parts_of(scores: Vectors) -> tuple[str, ...]:
    """Return the parts that are likely enough; ``scores`` of acts and parts, in one row."""
    return tuple(part for part, score in zip(PARTS, scores[len(ACTS) :], strict=True) if score > _LIKELY)


def best_tags(scores: Vectors) -> list[int]:
    """Return the likeliest tags of a message's tokens of which each I goes on with its own B or I (Viterbi)."""
    allowed = np.where(_follows(), 0.0, -np.inf)
    total = scores[0] + np.where(_follows()[0], 0.0, -np.inf)
    came: list[np.ndarray[tuple[int, ...], np.dtype[np.intp]]] = []
    for row in scores[1:]:
        ways = total[:, None] + allowed
        came.append(ways.argmax(axis=0))
        total = ways.max(axis=0) + row
    tags = [int(total.argmax())]
    for back in reversed(came):
        tags.append(int(back[tags[-1]]))
    return tags[::-1]


@cache
def _follows() -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return whether the tag of a column may follow that of a row; the first row, O, also stands for the beginning."""

    def may(before: str, after: str) -> bool:
        return not after.startswith("I-") or before.partition("-")[2] == after.partition("-")[2]

    return np.array([[may(before, after) for after in TAGS] for before in TAGS])


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
