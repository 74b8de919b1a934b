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
from corpus.notation.numbering import parse_mark
from corpus.structure.outline import is_annex_line

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
_UNENDED = 5
"""The same for a line that ends inside a sentence; half of it at a page's end, where no distance tells too."""
_STRAY = 0.2
"""Where fewer of the full lines than this are followed by an indented one, an indent starts a paragraph."""
_INSIDE = {"shi", "circled"}
"""Marks that also stand inside a paragraph."""
_LEADING = 1.4
"""A step down this much larger than usual parts paragraphs."""


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of text and where it stands on its page, in points."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    opening: float
    """Width of what could not have been parted from the line's start: a character with its commas, or a number."""


def lines_of(chars: Sequence[Char]) -> list[PdfLine]:
    """Return the lines that the characters make, from the top down."""
    if not chars:
        return []
    size = median(char["size"] for char in chars)
    for char in chars:
        char["middle"] = (char["top"] + char["bottom"]) / 2
    rows = cluster_objects(list(chars), "middle", tolerance=size * 0.4)
    lines = (_line(sorted(row, key=lambda char: float(char["x0"]))) for row in rows)
    return sorted((line for line in lines if line.text), key=lambda line: line.top)


def _line(chars: list[Char]) -> PdfLine:
    text = ""
    end = chars[0]["x0"]
    for char in chars:
        if char["x0"] - end > _GAP * char["size"] and not (_HAN.match(char["text"]) and _HAN.match(text[-1:])):
            text += " "
        text += char["text"]
        end = char["x1"]
    inked = [char for char in chars if char["text"].strip()] or chars
    return PdfLine(
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
class PdfColumn:
    """What lines are set in: a page between its margins, or a table cell, whose lines may be centred."""

    left: float
    right: float
    is_cell: bool = False

    def room(self, line: PdfLine, following: PdfLine) -> float:
        """Return how much room, in type sizes, the start of the following line would have had left behind this one."""
        end = self.right - self.left - (line.x1 - line.x0) if self.is_cell else self.right - line.x1
        return (end - following.opening) / line.size


def paragraphs(lines: Sequence[PdfLine], column: PdfColumn) -> list[str]:
    """Join the lines of a column into paragraphs."""
    layout = _Layout(lines, column)
    found = [line.text for line in lines[:1]]
    for before, line in pairwise(lines):
        if layout.starts(before, line):
            found.append(line.text)
        else:
            found[-1] = _joined(found[-1], line.text)
    return found


class _Layout:
    """How a column's paragraphs are set, told from all of its lines."""

    def __init__(self, lines: Sequence[PdfLine], column: PdfColumn) -> None:
        self._column = column
        pairs = list(pairwise(lines))
        steps = sorted(after.top - before.top for before, after in pairs if after.top > before.top)
        self._wide_step = steps[len(steps) // 20] * _LEADING if steps else 0.0
        full = [line for before, line in pairs if column.room(before, line) <= _RAGGED and not _ended(before)]
        self._first_lines_indented = sum(map(self._indented, full)) <= _STRAY * len(full)
        self._broken_by_hand = column.is_cell and any(
            column.room(before, line) > _RAGGED and not _ended(before) for before, line in pairs
        )

    def starts(self, before: PdfLine, line: PdfLine) -> bool:
        """Tell whether a line starts a paragraph."""
        opens = _label().match(line.text) or is_annex_line(line.text)
        if opens and before.text[-1:] not in _marks("not_at_line_end"):
            return True
        room = self._column.room(before, line)
        mark = parse_mark(line.text)
        numbered = mark is not None and mark.kind not in _INSIDE
        if self._column.is_cell:
            return room > (0 if self._broken_by_hand else _RAGGED) or (_ended(before) and numbered)
        indented = self._indented(line)
        if self._wide_step < line.top - before.top or (indented and self._first_lines_indented):
            return True
        if _ended(before) + indented + numbered > 1:
            return True
        if _ended(before) or indented or numbered:
            return room > _RAGGED
        return room > (_UNENDED if before.top < line.top else _UNENDED / 2)

    def _indented(self, line: PdfLine) -> bool:
        return line.x0 - self._column.left > _INDENT * line.size


def _ended(line: PdfLine) -> bool:
    return line.text[-1:] in _marks("paragraph_end")


def _joined(first: str, second: str) -> str:
    words = first[-1:].isascii() and second[:1].isascii() and first[-1:].isalpha() and second[:1].isalpha()
    return f"{first} {second}" if words else first + second


@cache
def _label() -> re.Pattern[str]:
    """Return what a line of responsible units opens with: 牵头单位：."""
    words = [word for words in load("responsibility")["labels"].values() for word in words]
    return re.compile(f"(?:{'|'.join(map(re.escape, words))})[:：]")


@cache
def _marks(name: str) -> frozenset[str]:
    return frozenset(load("page_marks")[name])
