"""Draw a conversation as a phone shows it, from messages in the Bot API's JSON: bubbles, styles, quotes, buttons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from bot.render.card.fonts import BOLD, REGULAR, font
from bot.render.card.typesetting import NO_LINE_STARTS_WITH

SCALE = 2
WIDTH = 400 * SCALE
BUBBLE = 330 * SCALE
MARGIN, PADDING, RADIUS = 10 * SCALE, 11 * SCALE, 13 * SCALE
SIZE, SMALL, LINE = 14 * SCALE, 12 * SCALE, 21 * SCALE
BUTTON = 34 * SCALE
PAPER, THEIRS, MINE = "#d5e1ea", "#ffffff", "#e2f9d3"
INK, FAINT, BAR, PRESS = "#16202a", "#6a7a88", "#4a94d8", "#7d97ab"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """One character as it will be drawn."""

    text: str
    bold: bool
    faint: bool
    quoted: bool


def letters(message: Json) -> Iterator[Letter]:
    """Yield a message's characters with their styles; entities count in UTF-16 units."""
    at = 0
    for character in message["text"]:
        inside = {e["type"] for e in message.get("entities", ()) if e["offset"] <= at < e["offset"] + e["length"]}
        yield Letter(character, "bold" in inside, "italic" in inside, "blockquote" in inside)
        at += len(character.encode("utf-16-le")) // 2


def face_of(letter: Letter) -> ImageFont.FreeTypeFont:
    """Return what a character is drawn with."""
    return font(SMALL if letter.faint else SIZE, BOLD if letter.bold else REGULAR)


def wrap(message: Json, width: float) -> list[list[Letter]]:
    """Break a message into lines that fit ``width`` pixels."""
    lines: list[list[Letter]] = [[]]
    used = 0.0
    for letter in letters(message):
        if letter.text == "\n":
            lines.append([])
            used = 0.0
            continue
        length = face_of(letter).getlength(letter.text)
        full = used + length > width - (PADDING if letter.quoted else 0)
        if full and letter.text not in NO_LINE_STARTS_WITH:
            lines.append([])
            used = 0.0
        lines[-1].append(letter)
        used += length
    return lines


@dataclass(slots=True)
class Canvas:
    """A picture that grows downwards."""

    image: Image.Image
    draw: ImageDraw.ImageDraw
    y: int = MARGIN

    def bubble(self, message: Json, *, mine: bool) -> None:
        """Draw one message and its buttons."""
        lines = wrap(message, BUBBLE - 2 * PADDING)
        widest = max(sum(face_of(one).getlength(one.text) for one in line) for line in lines)
        buttons = message.get("reply_markup", {}).get("inline_keyboard", [])
        width = BUBBLE if buttons else int(min(widest + 2 * PADDING + PADDING, BUBBLE))
        left = WIDTH - MARGIN - width if mine else MARGIN
        height = len(lines) * LINE + 2 * PADDING
        box = (left, self.y, left + width, self.y + height)
        self.draw.rounded_rectangle(box, RADIUS, fill=MINE if mine else THEIRS)
        for number, line in enumerate(lines):
            self._line(line, left + PADDING, self.y + PADDING + number * LINE)
        self.y += height + MARGIN // 3
        for row in buttons:
            self._buttons([button["text"] for button in row], left, width)
        self.y += MARGIN

    def _line(self, line: list[Letter], left: float, top: float) -> None:
        if line and line[0].quoted:
            self.draw.rectangle((left, top, left + 3 * SCALE, top + LINE), fill=BAR)
            left += PADDING
        for letter in line:
            face = face_of(letter)
            colour = FAINT if letter.faint else INK
            self.draw.text((left, top + LINE * 0.78), letter.text, font=face, fill=colour, anchor="ls")
            left += face.getlength(letter.text)

    def _buttons(self, labels: list[str], left: int, width: int) -> None:
        gap = MARGIN // 3
        each = (width - gap * (len(labels) - 1)) / len(labels)
        for number, label in enumerate(labels):
            x = left + number * (each + gap)
            self.draw.rounded_rectangle((x, self.y, x + each, self.y + BUTTON), RADIUS // 2, fill=PRESS)
            middle = (x + each / 2, self.y + BUTTON / 2)
            self.draw.text(middle, label, font=font(SIZE, REGULAR), fill="#ffffff", anchor="mm")
        self.y += BUTTON + gap


def draw_chat(messages: list[tuple[Json, bool]]) -> Image.Image:
    """Return a picture of (message, whether it is one's own), oldest first."""
    tall = Image.new("RGB", (WIDTH, 12000 * SCALE), PAPER)
    canvas = Canvas(tall, ImageDraw.Draw(tall))
    for message, mine in messages:
        canvas.bubble(message, mine=mine)
    return tall.crop((0, 0, WIDTH, canvas.y))


def words_of_chat(messages: list[tuple[Json, bool]]) -> str:
    """Return the words of a conversation, those of its buttons too."""
    lines = []
    for message, _mine in messages:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        lines += [message["text"], *(button["text"] for row in rows for button in row)]
    return "\n".join(lines)
