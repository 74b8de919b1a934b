"""Which needed clauses stand in the texts that a question was given, by one rule for clauses and for chunks.

A needed clause counts as given when the words that mark it in the question file stand in one of the texts, or when the
texts together hold at least half of it. So a chunk may cut a clause off, or two chunks may share it, and a chunk that
is longer than a clause counts for every clause in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import msgspec

from scripts.measures.judging import folded

FIRST = 5
"""Texts that a reader is taken to look at."""
MESSAGE = 4096 // 3
"""Chinese characters in one WeCom message of 4,096 bytes."""
HALF = 0.5
SHORTEST_RUN = 8
"""Characters that a text and a clause must share in one run: shorter ones are common phrases."""


class Asked(msgspec.Struct, frozen=True):
    """A line of a question file, as far as coverage goes; the other fields are passed over."""

    id: str
    question: str
    answerable: bool
    quotes: list[list[str]]
    """A group is a needed clause: words that stand verbatim in it, or in clauses that would do as well."""
    context: list[str] = []
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what a question needs was given."""

    needed: int
    """Clauses."""
    first: int
    """Of them, given by the first five texts."""
    message: int
    """Given by what of the texts fits one chat message."""
    whole: int
    """Given by all texts."""
    characters: int
    """Length of all texts, blanks aside."""


def load(path: Path) -> list[Asked]:
    """Read a question file; ValueError names the file and what is wrong."""
    try:
        return msgspec.json.Decoder(Asked).decode_lines(path.read_bytes())
    except msgspec.DecodeError as error:
        raise ValueError(f"{path}: {error}") from error


def score(asked: Asked, given: Sequence[str], clauses: Iterable[str]) -> Score:
    """Count the needed clauses in the texts given; ``clauses`` are the texts of all the plans' clauses."""
    texts = [plain(text) for text in given]
    places = [plain(clause) for clause in clauses]

    def count(looked_at: Sequence[str]) -> int:
        return sum(covers(looked_at, group, places) for group in asked.quotes)

    return Score(
        needed=len(asked.quotes),
        first=count(texts[:FIRST]),
        message=count(fitting(texts, MESSAGE)),
        whole=count(texts),
        characters=sum(map(len, texts)),
    )


def fitting(texts: Iterable[str], characters: int) -> list[str]:
    """Return the texts as far as they fit, the last of them cut off."""
    fit: list[str] = []
    for text in texts:
        fit.append(text[:characters])
        characters -= len(fit[-1])
    return fit


def covers(texts: Sequence[str], quotes: Iterable[str], clauses: Sequence[str]) -> bool:
    """Whether folded texts give a clause that any of the quotes marks."""
    marks = [plain(quote) for quote in quotes]
    if any(mark in text for mark in marks for text in texts):
        return True
    marked = [clause for clause in clauses if any(mark in clause for mark in marks)]
    return any(share_held(texts, clause) >= HALF for clause in marked)


def share_held(texts: Iterable[str], clause: str) -> float:
    """Return how much of a clause stands in the texts, 0 to 1: of each text its longest run in common counts."""
    held: set[int] = set()
    for text in texts:
        start, size = longest_run(clause, text)
        if size >= min(SHORTEST_RUN, len(clause)):
            held.update(range(start, start + size))
    return len(held) / len(clause)


@cache
def longest_run(clause: str, text: str) -> tuple[int, int]:
    """Return where in the clause its longest run in common with the text starts, and the length of that run."""
    found = SequenceMatcher(None, text, clause, autojunk=False).find_longest_match()
    return found.b, found.size


@cache
def plain(text: str) -> str:
    """Return ``folded`` text, kept: every side is given the same ones again and again."""
    return folded(text)
