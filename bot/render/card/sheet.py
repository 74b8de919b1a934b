"""A card from top to bottom: its text broken to its width, what fits on one page, and the picture itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from PIL import Image, ImageDraw

from bot.render.card.blocks import INK, INNER, MARGIN, PAPER, WIDTH, Block, Text
from bot.render.card.fonts import REGULAR, drawable
from bot.render.card.typesetting import Ink, broken, measure

MOST_HEIGHT = 2600
"""Pixels; a picture that is higher is scaled down so far by the chats that nobody can read it."""
_ANY_LINES = 1000


@dataclass(frozen=True, slots=True)
class SheetItem:
    """Blocks that stay together: one indicator, one task."""

    blocks: tuple[Block, ...]
    counted: bool = True
    """Whether it is one of what is left out where the page is too short; a heading is not."""

    @property
    def height(self) -> int:
        """Pixels."""
        return sum(block.height for block in self.blocks)


class Setter:
    """Sets the text of one card and remembers what the font could not draw."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def ink(self, text: str, colour: str = INK, weight: int = REGULAR) -> Ink:
        """Return text in one look, line breaks folded, with a stand-in for each character that the font lacks."""
        shown, missing = drawable(" ".join(text.split()))
        self.missing |= missing
        return Ink(shown, colour, weight)

    def text(self, inks: Sequence[Ink], size: int, indent: int = 0, most_lines: int = 0) -> Text:
        """Return a paragraph broken to the card's width; with ``most_lines`` it ends there in an ellipsis."""
        lines = [tuple(line) for line in islice(broken(inks, size, INNER - indent), (most_lines or _ANY_LINES) + 1)]
        if most_lines and len(lines) > most_lines:
            kept = lines[: most_lines - 1]
            last = list(lines[most_lines - 1])
            while last and measure([*last, Ink("……", inks[-1].colour)], size) > INNER - indent:
                last.pop()
            lines = [*kept, (*last, Ink("……", inks[-1].colour))]
        return Text(tuple(lines), size, MARGIN + indent)


def fit(items: Sequence[SheetItem], room: int) -> tuple[tuple[SheetItem, ...], int]:
    """Return the items that fit into ``room`` pixels, at least one, and how many counted ones do not."""
    kept: list[SheetItem] = []
    used = 0
    for item in items:
        if kept and any(one.counted for one in kept) and used + item.height > room:
            break
        kept.append(item)
        used += item.height
    while kept and not kept[-1].counted:
        kept.pop()
    return tuple(kept), sum(item.counted for item in items[len(kept) :])


def paint(blocks: Sequence[Block]) -> Image.Image:
    """Return the blocks one below the other on paper."""
    image = Image.new("RGB", (WIDTH, sum(block.height for block in blocks) + 2 * MARGIN), PAPER)
    canvas = ImageDraw.Draw(image)
    top = MARGIN
    for block in blocks:
        block.draw(canvas, top)
        top += block.height
    return image
