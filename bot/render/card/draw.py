"""An ``Answer`` → one PNG: which kind of card it is, what fits on it, and the text that says the same.

Drawing takes some tenths of a second of one core, so it is done off the event loop.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from PIL.PngImagePlugin import PngInfo

from bot.answering.answer import Answer, AnswerKind
from bot.messages import say
from bot.render.card import countdown, duties, indicators
from bot.render.card.blocks import FAINT, MARGIN, BlankBlock, Block, Rule
from bot.render.card.fonts import BOLD
from bot.render.card.sheet import MOST_HEIGHT, Setter, SheetItem, fit, paint
from bot.render.parts import source_text
from bot.render.text import answer_text

_TITLE, _SMALL = 36, 21
_COLOURS = 64
"""Of the palette: flat areas and the edges of letters need no more, and the file is a third of the size."""
_TITLE_LINES, _NOTE_LINES = 3, 3
_DUTIES = (AnswerKind.DUTIES, AnswerKind.COUNT)


class NoCardError(Exception):
    """There is no picture for this kind of answer."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A card, and the text that stands for it."""

    png: bytes
    alt: str
    """The whole answer in words; in the file as well, as its description."""


def draw(answer: Answer) -> Picture:
    """Draw an answer's card; NoCardError where it has none, FontError where the type can't be used."""
    setter = Setter()
    body = tuple(_items(answer, setter))
    if not any(item.counted for item in body):
        raise NoCardError(say("card.none"))
    header = _header(answer, setter)
    room = MOST_HEIGHT - 2 * MARGIN - sum(block.height for block in (*header, *_footer(answer, setter, 1)))
    kept, left_out = fit(body, room)
    blocks = [*header, *(block for item in kept for block in item.blocks), *_footer(answer, setter, left_out)]
    return _encode(blocks, answer_text(answer))


def _items(answer: Answer, setter: Setter) -> Iterable[SheetItem]:
    if any(section.series for section in answer.sections):
        return indicators.items(answer, setter)
    if answer.countdowns:
        return countdown.items(answer, setter)
    return duties.items(answer, setter) if answer.kind in _DUTIES else ()


def _header(answer: Answer, setter: Setter) -> list[Block]:
    blocks: list[Block] = [setter.text([setter.ink(answer.headline, weight=BOLD)], _TITLE, most_lines=_TITLE_LINES)]
    key = indicators.key(answer) or (countdown.key() if answer.countdowns else None)
    return [*blocks, BlankBlock(8), key, BlankBlock(18)] if key else [*blocks, Rule()]


def _footer(answer: Answer, setter: Setter, left_out: int) -> list[Block]:
    """Return what was left out, what could not be drawn, and where it all stands."""
    lines = [say("card.left_out", count=left_out)] if left_out else []
    if setter.missing:
        missing = "、".join(f"U+{ord(character):04X}" for character in sorted(setter.missing))
        lines.append(say("card.missing", codes=missing))
    lines += map(source_text, answer.sources)
    texts = [setter.text([setter.ink(line, FAINT)], _SMALL, most_lines=_NOTE_LINES) for line in lines]
    return [Rule(), *texts] if texts else []


def _encode(blocks: list[Block], alt: str) -> Picture:
    description = PngInfo()
    description.add_itxt("Description", alt, lang="zh")
    file = io.BytesIO()
    paint(blocks).quantize(_COLOURS).save(file, "PNG", optimize=True, pnginfo=description)
    return Picture(file.getvalue(), alt)
