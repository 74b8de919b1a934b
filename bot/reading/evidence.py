"""What a list of tasks may be narrowed by: what is left over of a message never narrows it by itself.

A piece is a topic when a marker stands beside it (方面, 关于), when the model tags it, or, without a model, when every
word of it stands in the clauses and none of them is of the common language of officials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.reading.datafiles import load
from bot.reading.tags import TagLabel, Tags

Words = Callable[[str], Iterable[str]]
"""Cuts a text into the words that carry a subject."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that a list may be narrowed by."""

    text: str = ""
    marked: bool = False
    """The message says that it is one; else it is only likely."""


def topic_of_list(text: str, left: str, tags: Tags | None, words: Words, holds: Callable[[str], bool]) -> Topic:
    """Return the topic among the pieces that are left over of ``text``; an empty one where nothing is evident."""
    pieces = left.split()
    marked = [piece for piece in pieces if is_marked(text, piece) and _is_said(text, piece, tags, holds)]
    if marked:
        return Topic(" ".join(marked), marked=True)
    if tags is not None:
        tagged = (_inside(one, pieces, holds) for one in tags.texts(text, TagLabel.TOPIC, TagLabel.NAME))
        evident = [piece for piece in tagged if len(piece) > 1 and not is_common(piece, words)]
        printed = (piece for piece in pieces if len(piece) >= _TERM and holds(piece) and not is_common(piece, words))
        return Topic(" ".join(evident or printed))
    evident = [piece for piece in pieces if _is_term(piece, words, holds)]
    return Topic(" ".join(evident))


def _is_said(text: str, piece: str, tags: Tags | None, holds: Callable[[str], bool]) -> bool:
    """Whether a piece before 有关 says something (跟我们有关 does not): the plans print it, or the model tags it."""
    behind = text[text.find(piece) + len(piece) :]
    if tags is None or holds(piece) or not behind.startswith(tuple(load("language")["topic_marks"]["weak"])):
        return True
    return any(one in piece or piece in one for one in tags.texts(text, TagLabel.TOPIC, TagLabel.NAME))


def grown(tagged: str, piece: str, holds: Callable[[str], bool]) -> str:
    """Return a tagged span with the characters around it in its piece with which the plans print it (名|中医)."""
    start = piece.find(tagged)
    end = start + len(tagged)
    while start > 0 and holds(piece[start - 1 : end]):
        start -= 1
    while end < len(piece) and holds(piece[start : end + 1]):
        end += 1
    return piece[start:end]


def _inside(tagged: str, pieces: list[str], holds: Callable[[str], bool]) -> str:
    """Return what a tagged span and the pieces left over have in common, in the plans' words."""
    for piece in pieces:
        if tagged in piece:
            return grown(tagged, piece, holds)
        if piece in tagged:
            return piece
    return ""


def is_marked(text: str, piece: str) -> bool:
    """Whether a marker stands beside a piece: 在人才方面, 关于人才."""
    marks = load("language")["topic_marks"]
    start = text.find(piece)
    before, after = text[:start].rstrip(), text[start + len(piece) :].lstrip().removeprefix("的")
    if before.endswith(tuple(marks["before"])) or after.startswith(tuple(marks["after"])):
        return True
    return any(before.endswith(first) and after.startswith(last) for first, last in marks["both"])


@cache
def common_words() -> frozenset[str]:
    """Words that officials use whatever a plan is about: they tell no clause from another."""
    text = resources.files("bot.reading").joinpath("data", "common_words.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def is_common(piece: str, words: Words) -> bool:
    """Whether every word of a piece is of the common language of officials."""
    return piece in common_words() or all(word in common_words() for word in words(piece))


def _is_term(piece: str, words: Words, holds: Callable[[str], bool]) -> bool:
    found = tuple(words(piece))
    if not found or sum(map(len, found)) < len(piece) * _MOST:
        return False
    return all(word not in common_words() and holds(word) for word in found)


_TERM = 3
"""Characters of a piece that is a term of the plans where it stands in them as it is, tagged or not."""
_MOST = 0.7
"""Share of a piece's characters that its words make up where it says what they say."""
