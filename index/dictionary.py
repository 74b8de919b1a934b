"""jieba with its own dictionary, read as text: jieba's cache is a ``marshal`` file, which whoever can write decides on.

jieba would put that file into the temporary folder that every user shares, and load whatever lies there. Reading the
dictionary itself takes half a second more, once a process, and nothing that is read here can run or crash.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Protocol


class Cutter(Protocol):
    """The part of ``jieba.Tokenizer`` that is used here; jieba ships no types."""

    def add_word(self, word: str) -> None:
        """Add a word."""

    def cut(self, sentence: str, *, HMM: bool) -> Iterable[str]:  # noqa: N803 (jieba's name)
        """Cut a text into words."""

    @property
    def FREQ(self) -> Mapping[str, int]:  # noqa: N802 (jieba's name)
        """Every word with how often it is used; 0 for what only begins one."""


def make_cutter() -> Cutter:
    """Return a cutter of its own, to which words can be added; it writes and loads no cache."""
    import jieba

    known, total = _dictionary()
    made = jieba.Tokenizer()
    made.FREQ, made.total = known.copy(), total
    made.initialized = True
    cutter: Cutter = made
    return cutter


@cache
def plain_cutter() -> Cutter:
    """Return the cutter that knows jieba's own words alone; nobody adds to it."""
    return make_cutter()


@cache
def _dictionary() -> tuple[dict[str, int], int]:
    import jieba

    # It logs on standard error; nothing of it is of use.
    jieba.setLogLevel(logging.CRITICAL)
    found: tuple[dict[str, int], int] = jieba.Tokenizer.gen_pfdict(jieba.Tokenizer().get_dict_file())
    return found
