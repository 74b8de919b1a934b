"""Words of a message that carry no topic, from ``data/language.toml``, and how they are trimmed off one."""

from __future__ import annotations

import re
from functools import cache

from bot.reading.datafiles import load


@cache
def _fillers() -> tuple[re.Pattern[str], frozenset[str]]:
    marks = load("language")["topic_marks"]
    words = [*load("language")["filler"]["words"], *marks["before"], *marks["after"]]
    long = sorted((word for word in words if len(word) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, long))), frozenset(word for word in words if len(word) == 1)


def is_filler(word: str) -> bool:
    """Whether a word carries no topic."""
    pattern, single = _fillers()
    return word in single or bool(pattern.fullmatch(word))


def trim_fillers(piece: str, known_pairs: frozenset[str]) -> str:
    """Cut words without a topic out of a piece: long ones anywhere, single characters at its ends.

    A single character stays where it begins or ends a word of the plans (中 in 中医).
    """
    pattern, single = _fillers()
    piece = pattern.sub(" ", piece)
    return " ".join(filter(None, (_trim_ends(part, single, known_pairs) for part in piece.split())))


def _trim_ends(part: str, single: frozenset[str], known: frozenset[str]) -> str:
    while part and part[0] in single and part[:2] not in known:
        part = part[1:]
    while part and part[-1] in single and part[-2:] not in known:
        part = part[:-1]
    return part


@cache
def _subject() -> re.Pattern[str]:
    words = sorted(load("language")["subject"]["words"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def is_only_subject(topic: str, also: frozenset[str] = frozenset()) -> bool:
    """Whether a topic says no more than that the document is meant; ``also`` holds what its plans are about."""
    return all(piece in also or is_filler(piece) for piece in _subject().sub(" ", topic).split())
