"""What people say → what plans write, from ``data/synonyms.toml``; true of any plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.query.search import Language
from bot.reading.chatter import is_filler
from bot.reading.datafiles import load


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Return words that people say, folded, each with the plans' words for it."""
    return {word.casefold(): tuple(others) for word, others in load("synonyms")["words"].items()}


@cache
def language() -> Language:
    """Return what a search must know of the language that people ask in."""
    return Language(is_filler, synonyms(), max(map(len, synonyms())))
