"""The things that can be asked, one data file each in ``bot/reading/acts``, and the words that ask for them.

An act sets parts of a query. The first act, by rank, whose words stand in a message and whose needs are met says what
is asked; a *part* (``part = true``) adds to it.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import ahocorasick_rs


@dataclass(frozen=True, slots=True)
class Example:
    """A message as people type it, and the parts of the query that it must become."""

    message: str
    query: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be asked."""

    name: str
    title: str
    rank: int
    words: tuple[str, ...]
    sets: Mapping[str, Any]
    """Parts of the query, by the names of its fields."""
    needs: Mapping[str, bool]
    """unit, topic: whether the message must hold one, or must not."""
    part: bool
    model: tuple[str, ...]
    """What the model calls it; empty where the model does not tell it."""
    examples: tuple[Example, ...]

    def fits(self, **held: bool) -> bool:
        """Whether what the message holds meets the needs."""
        return all(held[name] is wanted for name, wanted in self.needs.items())


@dataclass(frozen=True, slots=True)
class Asking:
    """Words of asking in a message, with the acts that they may stand for."""

    start: int
    end: int
    text: str
    acts: frozenset[str]


@cache
def acts() -> Mapping[str, Act]:
    """Return every act by its name, in the order in which they are looked at."""
    files = (file for file in resources.files("bot.reading").joinpath("acts").iterdir() if file.name.endswith(".toml"))
    found = [_read(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8")) for file in files]
    return {act.name: act for act in sorted(found, key=lambda act: (act.rank, act.name))}


def _read(name: str, text: str) -> Act:
    data = tomllib.loads(text)
    examples = tuple(Example(one["message"], one["query"]) for one in data["example"])
    return Act(
        name, data["title"], data["rank"], tuple(data["words"]), data["query"], data.get("needs", {}),
        data.get("part", False), tuple(data.get("model", ())), examples,
    )  # fmt: skip


@cache
def _table() -> tuple[ahocorasick_rs.AhoCorasick, tuple[str, ...], dict[str, frozenset[str]]]:
    by_word: dict[str, set[str]] = defaultdict(set)
    for act in acts().values():
        for word in () if act.name == HELP else act.words:
            by_word[word].add(act.name)
    words = tuple(by_word)
    matcher = ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return matcher, words, {word: frozenset(found) for word, found in by_word.items()}


HELP = "help"
"""Its words count only where they are the whole message."""


def find_asking(text: str) -> tuple[Asking, ...]:
    """Return the words of asking in ``text``, leftmost and longest first, without overlaps."""
    matcher, words, by_word = _table()
    return tuple(
        Asking(start, end, words[number], by_word[words[number]])
        for number, start, end in matcher.find_matches_as_indexes(text)
    )


@cache
def acts_of_model() -> Mapping[str, Act]:
    """Return the acts by what the model calls them."""
    return {name: act for act in acts().values() for name in act.model}


@cache
def help_words() -> frozenset[str]:
    """Messages that are only a greeting or a call for help."""
    return frozenset(acts()[HELP].words)
