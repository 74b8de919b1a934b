"""Text to search tokens: jieba's words joined with character bigrams.

Words give precision; bigrams find what a dictionary does not know. jieba is imported at the first use.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources

from index.dictionary import Cutter, make_cutter

RUN = re.compile(r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+|[0-9a-z]+(?:\.[0-9]+)*")
"""A run of Han characters, or a word or number in other scripts (4.2.2 stays whole)."""

_RUNS = 4096
"""Runs of characters whose tokens are kept."""

_TEXTS = 256
"""Texts whose words are kept."""


class Segmenter:
    """jieba with the corpus's own ``words``. Thread-safe."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._lock = threading.Lock()
        self._ready: Cutter | None = None
        # A heading stands before every clause below it, and a unit behind many.
        self._tokens_of = lru_cache(_RUNS)(self._cut_run)
        # A question is looked at several times.
        self._words_of = lru_cache(_TEXTS)(self._cut_words)

    def words(self, text: str) -> list[str]:
        """Return the words of ``text``, without those that any question holds."""
        stop = stop_words()
        found: list[str] = []
        for run in RUN.findall(fold(text)):
            found.extend([run] if run[0].isascii() else self._words_of(run))
        return [word for word in found if word not in stop]

    def cut(self, text: str) -> list[str]:
        """Return ``text`` folded and cut into words, what stands between them as it is."""
        folded, at = fold(text), 0
        found: list[str] = []
        for match in RUN.finditer(folded):
            run = match.group()
            found += [folded[at : match.start()], *([run] if run[0].isascii() else self._words_of(run))]
            at = match.end()
        return [*found, folded[at:]]

    def tokens(self, text: str) -> list[str]:
        """Return the tokens a text is indexed by and searched with: search words, then bigrams."""
        found: list[str] = []
        for run in RUN.findall(fold(text)):
            if run[0].isascii():
                found.append(run)
            else:
                found.extend(self._tokens_of(run))
        return found

    def _cut_words(self, run: str) -> tuple[str, ...]:
        return tuple(self._cutter().cut(run, HMM=False))

    def _cut_run(self, run: str) -> tuple[str, ...]:
        known = self._cutter().FREQ
        found: list[str] = []
        for word in self._words_of(run):
            # The shorter words inside it, as jieba's own cutting for search engines has them.
            inside = (word[at : at + size] for size in (2, 3) if len(word) > size for at in range(len(word) - size + 1))
            found += [*(part for part in inside if known.get(part)), word]
        return (*found, *_pairs(run))

    def _cutter(self) -> Cutter:
        if self._ready is None:
            with self._lock:
                if self._ready is None:
                    self._ready = self._load()
        return self._ready

    def _load(self) -> Cutter:
        cutter = make_cutter()
        for word in self._words:
            cutter.add_word(fold(word))
        return cutter


def tokens_inside(folded: str) -> tuple[list[str], list[str]]:
    """Return the tokens that every text with this folded phrase has, and the single characters in it."""
    tokens: list[str] = []
    single: list[str] = []
    for run in RUN.findall(folded):
        if len(run) == 1:
            single.append(run)
        else:
            tokens += [run] if run[0].isascii() else _pairs(run)
    return tokens, single


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def fold(text: str) -> str:
    """Return ``text`` in one width and case, so that ２０２７ finds 2027."""
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def stop_words() -> frozenset[str]:
    """Return the words that say what is asked, not what it is asked about."""
    text = resources.files("index").joinpath("data/stop_words.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if not line.startswith("#"))
