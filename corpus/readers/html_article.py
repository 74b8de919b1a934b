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
from corpus.notation.numbering import parse_mark
from corpus.readers.html_pieces import HtmlPage, Piece

_PROSE = re.compile(r"。|[，；].*[，；]", re.DOTALL)
_PROSE_LENGTH = 30
_STRAY_PROSE = 60
"""Characters of prose that may stand outside the document: one notice of the site that no list knows."""
_LEAST = 100
"""Characters of a document below which a page is too short to tell the two apart: only its links are left out."""
_TITLE_LENGTH = 6
_LINKED = 0.8
"""From this share of linked characters on, a piece is a link."""
_PARTICULARS = 3
"""So many known labels make a table of particulars: one or two stand in real tables too."""


@dataclass(frozen=True, slots=True)
class Article:
    """The document's pieces in reading order, its particulars by name, and what was left out."""

    pieces: list[Piece]
    particulars: dict[str, str]
    dropped: list[Dropped]


def article_of(page: HtmlPage) -> Article:
    """Return the document that a page holds."""
    first, end = _bounds(page)
    titles = _titles(page.pieces[:first])
    pieces: list[Piece] = []
    particulars: dict[str, str] = {}
    dropped: list[Dropped] = []
    for number, piece in enumerate(page.pieces):
        found = _particulars(piece)
        if found is not None:
            particulars |= found
            dropped.append(Dropped(number + 1, piece.text, "particulars of the page"))
        elif number in titles:
            pieces.append(piece)
        elif not first <= number < end:
            dropped.append(Dropped(number + 1, piece.text, "outside the document"))
        elif _is_link(piece):
            dropped.append(Dropped(number + 1, piece.text, "link of the page"))
        else:
            pieces.append(piece)
    return Article(pieces, particulars, dropped)


def _bounds(page: HtmlPage) -> tuple[int, int]:
    """Return which pieces belong to the document: from, up to; those of the smallest element with all that looks so."""
    ranges = _ranges(page)
    upto = list(accumulate(map(_weight, page.pieces), initial=0))
    below: dict[int, list[int]] = {}
    for element, parent in enumerate(page.parents):
        below.setdefault(parent, []).append(element)

    def weight(bounds: tuple[int, int]) -> int:
        return upto[bounds[1]] - upto[bounds[0]]

    element, bounds = -1, (0, len(page.pieces))
    while upto[-1] >= _LEAST:
        filled = [child for child in below.get(element, []) if ranges[child][1]]
        inner = max(filled, key=lambda child: weight(ranges[child]), default=None)
        if inner is None or not weight(ranges[inner]):
            return bounds
        outside = page.pieces[bounds[0] : ranges[inner][0]] + page.pieces[ranges[inner][1] : bounds[1]]
        if _is_plan(outside):
            return bounds
        element, bounds = inner, ranges[inner]
    return bounds


def _titles(before: list[Piece]) -> set[int]:
    """Return which of the pieces above the document are its title: a heading, or lines that end as titles do."""
    endings = tuple(load("web_page")["titles"]["endings"])
    issuers = tuple(load("metadata")["issuer_endings"])
    headings = {number for number, piece in enumerate(before) if piece.heading}
    lines = {
        number
        for number, piece in enumerate(before)
        if piece.text.endswith(endings) and not piece.linked and not piece.rows and len(piece.text) >= _TITLE_LENGTH
    }
    titles = set(sorted(headings or lines)[-1:])
    signed = {number - 1 for number in titles if number and before[number - 1].text.endswith(issuers)}
    return titles | signed


def _ranges(page: HtmlPage) -> list[tuple[int, int]]:
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
    """Return how much a piece says for the element it is in: its length, if it looks like part of a document."""
    if _is_link(piece) or piece.heading or _particulars(piece) is not None or _is_notice(piece):
        return 0
    own = len(piece.text) - piece.linked
    is_prose = own >= _PROSE_LENGTH and _PROSE.search(piece.text)
    return own if piece.rows or is_prose or _is_marked(piece) else 0


def _is_marked(piece: Piece) -> bool:
    """Tell a piece that has a number before it or names who is responsible."""
    words = load("web_page")["plan_words"]["any"]
    return any(word in piece.text for word in words) or (not piece.linked and parse_mark(piece.text) is not None)


def _is_notice(piece: Piece) -> bool:
    """Tell what the site says of itself: who runs it, how to see it best."""
    return not piece.rows and any(word in piece.text for word in load("web_page")["notices"]["any"])


def _is_plan(pieces: list[Piece]) -> bool:
    """Tell whether pieces outside an element look like part of a document that would be lost."""
    weights = {id(piece): _weight(piece) for piece in pieces}
    strong = any(weights[id(piece)] and (piece.rows or _is_marked(piece)) for piece in pieces)
    return strong or sum(weights.values()) > _STRAY_PROSE


def _is_link(piece: Piece) -> bool:
    opening = tuple(load("web_page")["kept_links"]["opening"])
    return piece.linked >= _LINKED * len("".join(piece.text.split())) and not piece.text.startswith(opening)


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
