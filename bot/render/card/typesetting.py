"""Sets Chinese text: runs in colour, lines broken to a width by the rules for punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from PIL import ImageDraw

from bot.render.card.fonts import REGULAR, font

NO_LINE_STARTS_WITH = frozenset("，。、；：！？）》」』】”’％%,.;:!?)]}→")
NO_LINE_ENDS_WITH = frozenset("（《「『【“‘([{≥≤")
# What is never broken inside: words and figures in Latin letters, and an ellipsis or dash of two characters.
_PIECES = re.compile(r"[0-9A-Za-z./%_—-]+|……|\s|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ink:
    """A piece of text in one look."""

    text: str
    colour: str
    weight: int = REGULAR


def broken(inks: Iterable[Ink], size: int, width: float) -> Iterator[list[Ink]]:
    """Break one paragraph into lines at most ``width`` pixels wide, by the rules for Chinese punctuation."""
    line: list[Ink] = []
    pieces = [one for ink in inks for piece in _PIECES.findall(ink.text) for one in _fitting(ink, piece, size, width)]
    for number, piece in enumerate(pieces):
        following = pieces[number + 1 : number + 2]
        needed = [piece, *(one for one in following if one.text[0] in NO_LINE_STARTS_WITH)]
        if line and measure([*line, *needed], size) > width and piece.text[0] not in NO_LINE_STARTS_WITH:
            carried = [line.pop()] if line[-1].text[-1] in NO_LINE_ENDS_WITH and line[1:] else []
            yield line
            line = carried
            if piece.text.isspace():
                continue
        line.append(piece)
    yield line


def _fitting(ink: Ink, piece: str, size: int, width: float) -> Iterator[Ink]:
    """Yield an unbreakable piece; letter by letter when it is wider than a line."""
    whole = replace(ink, text=piece)
    if len(piece) == 1 or measure([whole], size) <= width:
        yield whole
    else:
        yield from (replace(ink, text=letter) for letter in piece)


def measure(inks: Iterable[Ink], size: int) -> float:
    """Return how many pixels wide a line is."""
    return sum(_length(ink.text, size, ink.weight) for ink in inks)


@lru_cache(maxsize=20_000)
def _length(text: str, size: int, weight: int) -> float:
    # Kept, since the same characters come again and again while lines are broken.
    return float(font(size, weight).getlength(text))


def draw_line(canvas: ImageDraw.ImageDraw, left: float, top: float, inks: Iterable[Ink], size: int) -> None:
    """Draw one line whose upper left corner is at ``left``, ``top``."""
    for ink in inks:
        face = font(size, ink.weight)
        canvas.text((left, top), ink.text, ink.colour, face)
        left += face.getlength(ink.text)
