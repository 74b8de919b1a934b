"""Numbering marks at the start of a paragraph: 一、 （一） 1. ① 4.2.2 第三条 一是 …, from ``data/numbering.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.datafiles import load

_HAN = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbering mark and what follows it."""

    kind: str
    number: str
    """The number inside the mark as printed (一, 4.2.2)."""
    printed: str
    """The whole mark as printed, blanks at the end cut off."""
    rest: str


@cache
def _marks() -> tuple[tuple[str, re.Pattern[str]], ...]:
    compiled = []
    for mark in load("numbering")["mark"]:
        stop = f"(?!{mark['not_before']})" if "not_before" in mark else ""
        compiled.append((mark["kind"], re.compile(f"(?:{mark['pattern']}){stop}")))
    return tuple(compiled)


def parse_mark(text: str) -> Mark | None:
    """Return the mark that ``text`` starts with, or None."""
    for kind, pattern in _marks():
        found = pattern.match(text)
        if found:
            return Mark(kind, found["n"].replace("．", "."), found.group().strip(), text[found.end() :])
    return None


def han_to_int(text: str) -> int:
    """Return the value of a Chinese or Arabic numeral up to 999; ValueError otherwise."""
    if text.isdigit():
        return int(text)
    total = digit = 0
    for char in text:
        if char in _HAN:
            digit = _HAN[char]
        elif char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            raise ValueError(text)
    return total + digit
