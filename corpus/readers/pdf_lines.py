"""Characters of a PDF page → lines, and lines → paragraphs by where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Any

from pdfplumber.utils.clustering import cluster_objects

from corpus.datafiles import load
from corpus.numbering import parse_mark

Char = dict[str, Any]
"""A character as pdfplumber gives it: text, x0, x1, top, bottom, size in points from the page's top left."""

_HAN = re.compile(r"[\u2018-\u201d\u3000-\u9fff\uff00-\uffef]")
_GAP = 0.4
"""A gap wider than this share of the type size is a blank; between Han characters it is only spacing."""
_INDENT = 0.9
"""A line starting this many type sizes right of the margin is indented."""
_RAGGED = 1.2
"""A line may end this many type sizes early and still be a full one: digits, latin letters and brackets do not part.

In a cell where one line ends earlier without ending a sentence, line ends are meant, and only full lines are joined.
"""
_INSIDE = {"shi", "circled"}
"""Marks that also stand inside a paragraph."""
_LEADING = 1.4
"""A step down this much larger than usual parts paragraphs."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands on its page, in points."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    opening: float
    """Width of what could not have been parted from the line's start: a character with its commas, or a number."""


def lines_of(chars: Sequence[Char]) -> list[Line]:
    """Return the lines that the characters make, from the top down."""
    if not chars:
        return []
    size = median(char["size"] for char in chars)
    for char in chars:
        char["middle"] = (char["top"] + char["bottom"]) / 2
    rows = cluster_objects(list(chars), "middle", tolerance=size * 0.4)
    lines = (_line(sorted(row, key=lambda char: float(char["x0"]))) for row in rows)
    return sorted((line for line in lines if line.text), key=lambda line: line.top)


def _line(chars: list[Char]) -> Line:
    text = ""
    end = chars[0]["x0"]
    for char in chars:
        if char["x0"] - end > _GAP * char["size"] and not (_HAN.match(char["text"]) and _HAN.match(text[-1:])):
            text += " "
        text += char["text"]
        end = char["x1"]
    inked = [char for char in chars if char["text"].strip()] or chars
    return Line(
        text=text.strip(),
        x0=inked[0]["x0"],
        x1=inked[-1]["x1"],
        top=min(char["top"] for char in inked),
        bottom=max(char["bottom"] for char in inked),
        size=median(char["size"] for char in inked),
        opening=_opening(inked),
    )


def _opening(chars: list[Char]) -> float:
    last = 0
    stuck, opening = _marks("not_at_line_start"), _marks("not_at_line_end")
    while last + 1 < len(chars):
        this, following = chars[last]["text"], chars[last + 1]["text"]
        word = this.isascii() and following.isascii() and this.isalnum() and following.isalnum()
        if not word and following not in stuck and this not in opening:
            break
        last += 1
    return float(chars[last]["x1"] - chars[0]["x0"])


@dataclass(frozen=True, slots=True)
class Column:
    """What lines are set in: a page between its margins, or a table cell, whose lines may be centred."""

    left: float
    right: float
    is_cell: bool = False

    def room(self, line: Line, following: Line) -> float:
        """Return how much room, in type sizes, the start of the following line would have had left behind this one."""
        end = self.right - self.left - (line.x1 - line.x0) if self.is_cell else self.right - line.x1
        return (end - following.opening) / line.size


def paragraphs(lines: Sequence[Line], column: Column) -> list[str]:
    """Join the lines of a column into paragraphs."""
    pairs = list(pairwise(lines))
    steps = sorted(after.top - before.top for before, after in pairs if after.top > before.top)
    wide_step = steps[len(steps) // 4] * _LEADING if steps else 0.0
    broken = column.is_cell and any(
        column.room(before, after) > _RAGGED and not _ended(before) for before, after in pairs
    )
    found = [line.text for line in lines[:1]]
    for before, line in pairs:
        if column.room(before, line) > (0 if broken else _RAGGED) or _starts_anew(before, line, column, wide_step):
            found.append(line.text)
        else:
            found[-1] = _joined(found[-1], line.text)
    return found


def _starts_anew(before: Line, line: Line, column: Column, wide_step: float) -> bool:
    """Tell whether a line after a full one starts a paragraph."""
    mark = parse_mark(line.text)
    numbered = mark is not None and mark.kind not in _INSIDE
    if column.is_cell:
        return _ended(before) and numbered
    indented = line.x0 - column.left > _INDENT * line.size
    signs = _ended(before) + indented + numbered
    return wide_step < line.top - before.top or signs > 1


def _ended(line: Line) -> bool:
    return line.text[-1:] in _marks("paragraph_end")


def _joined(first: str, second: str) -> str:
    words = first[-1:].isascii() and second[:1].isascii() and first[-1:].isalpha() and second[:1].isalpha()
    return f"{first} {second}" if words else first + second


@cache
def _marks(name: str) -> frozenset[str]:
    return frozenset(load("page_marks")[name])
