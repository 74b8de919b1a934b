"""Words of asking in a message: found with one automaton, longest first, from ``data/intents.toml``."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import ahocorasick_rs

from bot.ask.datafiles import load

_KINDS = (
    "duties", "who", "target", "baseline", "count", "deadline", "recurring", "compare",
    "overview_plans", "overview_tasks", "overview_units", "overview_indicators", "overview_lint", "countdown",
    "all_districts", "this_district",
)  # fmt: skip
_META = ("issued", "issuer", "period", "title")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word of asking and the kinds of question it stands for."""

    start: int
    end: int
    text: str
    kinds: frozenset[str]


@cache
def _table() -> tuple[ahocorasick_rs.AhoCorasick, tuple[str, ...], dict[str, frozenset[str]]]:
    intents = load("intents")
    kinds: dict[str, set[str]] = defaultdict(set)
    for kind in _KINDS:
        for cue in intents[kind]["cues"]:
            kinds[cue].add(kind)
    for field in _META:
        for cue in intents["meta"][field]:
            kinds[cue].add(f"meta:{field}")
    words = tuple(kinds)
    matcher = ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return matcher, words, {word: frozenset(found) for word, found in kinds.items()}


def find_cues(text: str) -> tuple[Cue, ...]:
    """Return the words of asking in ``text``, leftmost and longest first, without overlaps."""
    matcher, words, kinds = _table()
    return tuple(
        Cue(start, end, words[number], kinds[words[number]])
        for number, start, end in matcher.find_matches_as_indexes(text)
    )


@cache
def _fillers() -> tuple[re.Pattern[str], frozenset[str]]:
    words = load("intents")["filler"]["words"]
    long = sorted((word for word in words if len(word) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, long))), frozenset(word for word in words if len(word) == 1)


def is_filler(word: str) -> bool:
    """Whether a word carries no topic."""
    pattern, single = _fillers()
    return word in single or bool(pattern.fullmatch(word))


def trim_fillers(piece: str, known_bigrams: frozenset[str]) -> str:
    """Cut words without a topic out of a piece: long ones anywhere, single characters at its ends.

    A single character stays where it begins or ends a word of the plans (中 in 中医).
    """
    pattern, single = _fillers()
    piece = pattern.sub(" ", piece)
    return " ".join(filter(None, (_trim_ends(part, single, known_bigrams) for part in piece.split())))


def _trim_ends(part: str, single: frozenset[str], known: frozenset[str]) -> str:
    while part and part[0] in single and part[:2] not in known:
        part = part[1:]
    while part and part[-1] in single and part[-2:] not in known:
        part = part[:-1]
    return part


@cache
def help_words() -> frozenset[str]:
    """Messages that are only a greeting or a call for help."""
    return frozenset(load("intents")["help"]["exact"])
