"""Numbering marks at the start of a paragraph: 一、 （一） 1. ① 4.2.2 第三条 一是 …, from ``data/numbering.toml``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.datafiles import WIDE_DIGITS, load
from corpus.notation.numerals import numeral

_LONGEST_MARK = 32


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbering mark and what follows it."""

    kind: str
    number: str
    """The number inside the mark as printed (一, 4.2.2)."""
    printed: str
    """The whole mark as printed, blanks at the end cut off."""
    rest: str
    lower: bool = False
    """Items so marked are parts of the paragraph above them."""
    restarts: bool = False
    """A new one of this kind with the number 1 may begin another numbering."""

    @property
    def level(self) -> str:
        """The kind, for dotted numbers with their depth: 1.1 stands above 1.1.1."""
        return f"{self.kind}{self.number.count('.')}"

    @property
    def value(self) -> int:
        """The last part of the number."""
        last = self.number.rpartition(".")[2]
        return int(unicodedata.numeric(last)) if self.kind == "circled" else numeral(last)


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    pattern: re.Pattern[str]
    lower: bool
    restarts: bool


@cache
def _forms() -> tuple[_Form, ...]:
    compiled = []
    for mark in load("numbering")["mark"]:
        stop = f"(?!{mark['not_before']})" if "not_before" in mark else ""
        pattern = re.compile(f"(?:{mark['pattern']}){stop}")
        compiled.append(_Form(mark["kind"], pattern, mark.get("lower", False), mark.get("restarts", False)))
    return tuple(compiled)


@cache
def _any_form() -> re.Pattern[str]:
    """Return a pattern that matches where some form does: nearly all paragraphs have no mark and need one look."""
    return re.compile("|".join(form.pattern.pattern.replace("(?P<n>", "(?:") for form in _forms()))


@cache
def rank(kind: str) -> int:
    """Return the place of a kind in the order of the data file, outermost 0."""
    return [form.kind for form in _forms()].index(kind)


@lru_cache(maxsize=1024)
def parse_mark(text: str) -> Mark | None:
    """Return the mark that ``text`` starts with, or None."""
    plain = text[:_LONGEST_MARK].translate(WIDE_DIGITS)
    if not _any_form().match(plain):
        return None
    for form in _forms():
        found = form.pattern.match(plain)
        if found:
            number = found["n"].replace("．", ".").replace("﹒", ".")
            printed = text[: found.end()].strip()
            return Mark(form.kind, number, printed, text[found.end() :], form.lower, form.restarts)
    return None
