"""What a card is put together from: text, pairs, bars, rules; each knows how high it is and draws itself.

Lengths are in pixels of the picture, two for each point of a phone's screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PIL import ImageDraw

from bot.render.card.typesetting import Ink, draw_line, measure

WIDTH = 800
MARGIN = 44
INNER = WIDTH - 2 * MARGIN
PAPER, INK, FAINT, RULE = "#ffffff", "#1f2933", "#6b7785", "#dfe4ea"
BASE, GOAL, TRACK = "#a9b8c6", "#2f6690", "#eef1f4"
_LEADING = 1.45
_RADIUS = 6


def line_height(size: int) -> int:
    """Return the pixels from one line to the next."""
    return round(size * _LEADING)


class Block(Protocol):
    """Something that stands on a card."""

    @property
    def height(self) -> int:
        """Pixels from its top to the next block's."""

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        """Draw it with its upper edge at ``top``."""


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of one size."""

    lines: tuple[tuple[Ink, ...], ...]
    size: int
    left: int = MARGIN

    @property
    def height(self) -> int:
        """Pixels."""
        return len(self.lines) * line_height(self.size)

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        """Draw it."""
        for number, line in enumerate(self.lines):
            draw_line(canvas, self.left, top + number * line_height(self.size), line, self.size)


@dataclass(frozen=True, slots=True)
class Pair:
    """One line with something at its right edge."""

    left: tuple[Ink, ...]
    right: tuple[Ink, ...]
    size: int

    @property
    def height(self) -> int:
        """Pixels."""
        return line_height(self.size)

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        """Draw it."""
        draw_line(canvas, MARGIN, top, self.left, self.size)
        draw_line(canvas, WIDTH - MARGIN - measure(self.right, self.size), top, self.right, self.size)


@dataclass(frozen=True, slots=True)
class Marked:
    """A paragraph with a number or a bullet before its first line."""

    mark: Ink
    text: Text
    at: int
    """Where the mark stands, in pixels from the left."""

    @property
    def height(self) -> int:
        """Pixels."""
        return self.text.height

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        """Draw it."""
        draw_line(canvas, self.at, top, (self.mark,), self.text.size)
        self.text.draw(canvas, top)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in two colours on a track; both are shares of the whole width, the shorter drawn above the longer.

    Where they are equal the first is seen: nothing has been added to it.
    """

    first: float
    second: float
    thickness: int = 18

    @property
    def height(self) -> int:
        """Pixels."""
        return self.thickness

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        """Draw it."""
        shares = sorted(((self.second, GOAL), (self.first, BASE)), key=lambda one: -one[0])
        for share, colour in ((1.0, TRACK), *shares):
            if share > 0:
                right = MARGIN + max(int(INNER * min(share, 1.0)), 2 * _RADIUS)
                canvas.rounded_rectangle((MARGIN, top, right, top + self.thickness), _RADIUS, fill=colour)


@dataclass(frozen=True, slots=True)
class ColourKey:
    """What the colours of the bars mean, in one line."""

    labels: tuple[tuple[str, str], ...]
    """Colour and meaning."""
    size: int

    @property
    def height(self) -> int:
        """Pixels."""
        return line_height(self.size)

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        """Draw it."""
        left = float(MARGIN)
        for colour, meaning in self.labels:
            box = (left, top + self.size * 0.4, left + self.size, top + self.size * 1.2)
            canvas.rounded_rectangle(box, 4, fill=colour)
            ink = (Ink(meaning, FAINT),)
            draw_line(canvas, left + self.size * 1.4, top, ink, self.size)
            left += self.size * 2.8 + measure(ink, self.size)


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across, in the middle of some room."""

    height: int = 27

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        """Draw it."""
        middle = top + self.height // 2
        canvas.line((MARGIN, middle, WIDTH - MARGIN, middle), fill=RULE, width=2)


@dataclass(frozen=True, slots=True)
class BlankBlock:
    """Nothing, for some pixels."""

    height: int

    def draw(self, canvas: ImageDraw.ImageDraw, top: int) -> None:
        """Leave it empty."""
