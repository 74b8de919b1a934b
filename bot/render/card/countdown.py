"""Days that are left, each as a bar from the start to the day that something is due."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.answer import Answer, Countdown
from bot.messages import say
from bot.render.card.blocks import BASE, FAINT, GOAL, INNER, Bar, BlankBlock, Block, ColourKey, Pair
from bot.render.card.fonts import BOLD
from bot.render.card.sheet import Setter, SheetItem
from bot.render.card.typesetting import measure

_SIZE, _SMALL = 30, 23


def key() -> ColourKey:
    """Return what the colours mean."""
    return ColourKey(((BASE, say("card.gone")), (GOAL, say("card.to_come"))), _SMALL)


def items(answer: Answer, setter: Setter) -> Iterator[SheetItem]:
    """Yield a bar for each countdown."""
    return (_row(one, setter) for one in answer.countdowns)


def _row(one: Countdown, setter: Setter) -> SheetItem:
    name = (setter.ink(one.name, weight=BOLD),)
    left = (setter.ink(say("card.days_left", days=(one.due - one.today).days), GOAL, BOLD),)
    blocks: list[Block] = []
    if measure([*name, *left], _SIZE) + _SIZE <= INNER:
        blocks.append(Pair(name, left, _SIZE))
    else:
        blocks += [setter.text(name, _SIZE), setter.text(left, _SIZE)]
    whole = max((one.due - one.start).days, 1)
    span = say("card.span", start=one.start, due=one.due, count=one.count)
    blocks += [BlankBlock(4), Bar((one.today - one.start).days / whole, 1.0), BlankBlock(6)]
    return SheetItem((*blocks, setter.text([setter.ink(span, FAINT)], _SMALL), BlankBlock(24)))
