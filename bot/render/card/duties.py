"""A unit's duties on one page: of each its number, title, place, targets, and how many others share it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.answer import Answer, Entry
from bot.messages import say
from bot.render.card.blocks import FAINT, GOAL, MARGIN, BlankBlock, Block, Marked, Rule
from bot.render.card.fonts import BOLD
from bot.render.card.sheet import Setter, SheetItem
from bot.render.card.typesetting import measure

_SIZE, _SMALL, _HEADING = 28, 23, 30
_INDENT, _BULLET = 56, 24
_AFTER_NUMBER = 8
_FIGURES = 4
"""Targets shown of one task."""


def items(answer: Answer, setter: Setter) -> Iterator[SheetItem]:
    """Yield an item for each task, under its district where there are several."""
    several = sum(bool(section.entries) for section in answer.sections) > 1
    for section in answer.sections:
        if several and section.entries:
            heading = setter.text([setter.ink(section.heading, GOAL, BOLD)], _HEADING)
            yield SheetItem((BlankBlock(14), heading, BlankBlock(10)), counted=False)
        for position, entry in enumerate(section.entries):
            yield SheetItem((*((Rule(),) if position else ()), *_task(entry, setter)))


def _task(entry: Entry, setter: Setter) -> Iterator[Block]:
    number = setter.ink(say("render.number", number=entry.number), GOAL, BOLD)
    indent = max(_INDENT, round(measure([number], _SIZE)) + _AFTER_NUMBER)
    title = setter.text([setter.ink(entry.title or entry.summary, weight=BOLD)], _SIZE, indent, most_lines=3)
    yield Marked(number, title, MARGIN)
    others = len(entry.units) - len(entry.asked)
    where = [entry.place, *([say("card.others", count=others)] if others and entry.asked else [])]
    yield setter.text([setter.ink(say("render.dot").join(where), FAINT)], _SMALL, indent, most_lines=2)
    for figure in entry.figures[:_FIGURES]:
        name = setter.ink(figure.name + (say("card.colon") if figure.name else ""))
        words = setter.text([name, setter.ink(figure.text, GOAL, BOLD)], _SMALL, indent + _BULLET, most_lines=3)
        yield Marked(setter.ink(say("render.bullet"), FAINT), words, MARGIN + indent)
    if len(entry.figures) > _FIGURES:
        more = say("card.more_figures", count=len(entry.figures) - _FIGURES)
        yield setter.text([setter.ink(more, FAINT)], _SMALL, indent + _BULLET)
