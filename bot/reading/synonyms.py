"""What people say → what plans write: true of any plan (``data/synonyms.toml``), or of one (its own lexicon)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from bot.query.search import Language
from bot.reading.chatter import is_filler
from bot.reading.datafiles import load
from bot.reading.evidence import common_words
from corpus.library.shipped import shipped_lexicons
from corpus.offices.units import unit_key


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Return words that people say, folded, each with the words that plans write for it."""
    return {word.casefold(): tuple(others) for word, others in load("synonyms")["words"].items()}


def language(plan_ids: Collection[str]) -> Language:
    """Return what a search over some plans must know of the language that people ask in."""
    words = dict(synonyms())
    for plan_id, lexicon in shipped_lexicons().items():
        for word, others in lexicon.words.items() if plan_id in plan_ids else ():
            words[word.casefold()] = (*words.get(word.casefold(), ()), *others)
    return Language(is_filler, lambda word: word in common_words(), words, max(map(len, words)))


def names_of_units(plan_ids: Collection[str]) -> Mapping[str, str]:
    """Return what people call units of some plans, each with the unit's key."""
    lexicons = (lexicon for plan_id, lexicon in shipped_lexicons().items() if plan_id in plan_ids)
    return {name: unit_key(unit) for lexicon in lexicons for name, unit in lexicon.units.items()}
