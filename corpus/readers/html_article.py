"""Which part of a web page is the document: the element that holds its prose, tables and duties, whole.

Article extractors made for news drop tables and short paragraphs, and a plan loses its duties with them; here an
element is entered only while nothing outside it looks like part of a plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from corpus.datafiles import load
from corpus.model import Dropped
from corpus.numbering import parse_mark
from corpus.readers.html_pieces import Page, Piece

_PROSE = re.compile(r"[，；。：、].*[，；。：、]", re.DOTALL)
_PROSE_LENGTH = 30
_STRAY_PROSE = 200
"""Characters of prose that may stand outside the document (a site's notices)."""
_MOSTLY = 0.8
_PARTICULARS = 3
"""So many known labels make a table of particulars: one or two stand in real tables too."""


@dataclass(frozen=True, slots=True)
class Article:
    """The document's pieces in reading order, its particulars by name, and what was left out."""

    pieces: list[Piece]
    particulars: dict[str, str]
    dropped: list[Dropped]


def article_of(page: Page) -> Article:
    """Return the document that a page holds."""
    first, end = _bounds(page)
    pieces: list[Piece] = []
    particulars: dict[str, str] = {}
    dropped: list[Dropped] = []
    for number, piece in enumerate(page.pieces):
        inside = first <= number < end
        found = _particulars(piece)
        if found is not None:
            particulars |= found
            dropped.append(Dropped(number + 1, piece.text, "particulars of the page"))
        elif piece.heading and number < first:
            pieces = [piece]
        elif not inside:
            dropped.append(Dropped(number + 1, piece.text, "outside the document"))
        elif _is_link(piece):
            dropped.append(Dropped(number + 1, piece.text, "link of the page"))
        else:
            pieces.append(piece)
    return Article(pieces, particulars, dropped)


def _bounds(page: Page) -> tuple[int, int]:
    """Return which pieces belong to the document: from, up to."""
    ranges = _ranges(page)
    upto = list(accumulate(map(_weight, page.pieces), initial=0))
    below: dict[int, list[int]] = {}
    for element, parent in enumerate(page.parents):
        below.setdefault(parent, []).append(element)

    def weight(bounds: tuple[int, int]) -> int:
        return upto[bounds[1]] - upto[bounds[0]]

    element, bounds = -1, (0, len(page.pieces))
    while True:
        filled = [child for child in below.get(element, []) if ranges[child][1]]
        inner = max(filled, key=lambda child: weight(ranges[child]), default=None)
        if inner is None or weight(ranges[inner]) < max(1, _MOSTLY * weight(bounds)):
            return bounds
        outside = page.pieces[bounds[0] : ranges[inner][0]] + page.pieces[ranges[inner][1] : bounds[1]]
        if _is_plan(outside):
            return bounds
        element, bounds = inner, ranges[inner]


def _ranges(page: Page) -> list[tuple[int, int]]:
    """Return for every element the pieces inside it; children come after their parents in ``page.parents``."""
    first = [len(page.pieces)] * len(page.parents)
    end = [0] * len(page.parents)
    for number, piece in enumerate(page.pieces):
        if piece.home >= 0:
            first[piece.home] = min(first[piece.home], number)
            end[piece.home] = number + 1
    for element in range(len(page.parents) - 1, -1, -1):
        parent = page.parents[element]
        if parent >= 0 and end[element]:
            first[parent] = min(first[parent], first[element])
            end[parent] = max(end[parent], end[element])
    return list(zip(first, end, strict=True))


def _weight(piece: Piece) -> int:
    own = len(piece.text) - piece.linked
    return own if piece.rows or (own >= _PROSE_LENGTH and _PROSE.search(piece.text)) else 0


def _is_plan(pieces: list[Piece]) -> bool:
    """Tell whether pieces outside an element look like part of a plan that would be lost."""
    words = load("web_page")["plan_words"]["any"]
    stray = 0
    for piece in pieces:
        if _is_link(piece) or piece.heading or _particulars(piece) is not None:
            continue
        if piece.rows or any(word in piece.text for word in words):
            return True
        if _weight(piece) and parse_mark(piece.text):
            return True
        stray += _weight(piece)
    return stray > _STRAY_PROSE


def _is_link(piece: Piece) -> bool:
    opening = tuple(load("web_page")["kept_links"]["opening"])
    return piece.linked >= _MOSTLY * len("".join(piece.text.split())) and not piece.text.startswith(opening)


def _particulars(piece: Piece) -> dict[str, str] | None:
    """Return what the page's table of particulars says (title, issuer, issued); None for any other piece."""
    names = {label: kind for kind, labels in load("web_page")["particulars"].items() for label in labels}
    found: dict[str, str] = {}
    known = 0
    for row in piece.rows:
        for cell, following in zip(row, (*row[1:], ""), strict=True):
            label, colon, rest = _label(cell)
            if label in names:
                known += 1
                text = rest.strip() if colon and rest.strip() else following
                found.setdefault(names[label], text)
    return found if known >= _PARTICULARS else None


def _label(cell: str) -> tuple[str, str, str]:
    name, colon, rest = cell.replace("：", ":").partition(":")
    return "".join(name.split()).strip("[]【】"), colon, rest
