"""Set Chinese text for the README's pictures: the font, lines broken to a width, runs in colour.

The font is Noto Sans CJK (OFL), from the package group ``pictures``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from PIL import ImageDraw, ImageFont

REGULAR, BOLD = 400, 700
NO_LINE_STARTS_WITH = frozenset("，。、；：！？）》」』】”’％%,.;:!?)]}→")
NO_LINE_ENDS_WITH = frozenset("（《「『【“‘([{")
_SIMPLIFIED = 2
"""The index of the Simplified Chinese face in the font collection."""
# What is never broken inside: words and figures in Latin letters, and an ellipsis or dash of two characters.
_PIECES = re.compile(r"[0-9A-Za-z./%_—-]+|……|\s|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ink:
    """A piece of text in one look."""

    text: str
    colour: str
    weight: int = REGULAR


@cache
def font(size: int, weight: int = REGULAR) -> ImageFont.FreeTypeFont:
    """Return Noto Sans CJK in a size (pixels) and weight."""
    path = resources.files("manimgx_fonts_cjk").joinpath("NotoSansCJK-VF.otf.ttc")
    face = ImageFont.truetype(str(path), size, index=_SIMPLIFIED)
    face.set_variation_by_axes([weight])
    return face


def broken(inks: Iterable[Ink], size: int, width: float) -> Iterator[list[Ink]]:
    """Break one paragraph into lines at most ``width`` pixels wide, by the rules for Chinese punctuation."""
    line: list[Ink] = []
    pieces = [replace(ink, text=piece) for ink in inks for piece in _PIECES.findall(ink.text)]
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


def measure(inks: Iterable[Ink], size: int) -> float:
    """Return how many pixels wide a line is."""
    return float(sum(font(size, ink.weight).getlength(ink.text) for ink in inks))


def draw_line(canvas: ImageDraw.ImageDraw, left: float, top: float, inks: Iterable[Ink], size: int) -> None:
    """Draw one line whose upper left corner is at ``left``, ``top``."""
    for ink in inks:
        face = font(size, ink.weight)
        canvas.text((left, top), ink.text, ink.colour, face)
        left += face.getlength(ink.text)
