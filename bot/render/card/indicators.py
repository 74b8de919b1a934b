"""Indicators as bars: what was there at the start, and how far it is to the goal."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.answer import Answer, Series
from bot.messages import say
from bot.render.card.blocks import BASE, FAINT, GOAL, INNER, Bar, BlankBlock, Block, ColourKey, Pair
from bot.render.card.fonts import BOLD
from bot.render.card.sheet import Setter, SheetItem
from bot.render.card.typesetting import Ink, measure

_SIZE, _SMALL, _HEADING = 28, 23, 30
_BETWEEN = 24
"""Pixels at least between a name and its figures on one line."""


def key(answer: Answer) -> ColourKey | None:
    """Return what the colours mean; None where no bar is drawn."""
    every = [series for section in answer.sections for series in section.series]
    drawn = next((series for series in every if _shares(series)), None)
    if drawn is None:
        return None
    first, last = drawn.points[0].year, drawn.points[-1].year
    return ColourKey(((BASE, say("card.year", year=first)), (GOAL, say("card.until", year=last))), _SMALL)


def items(answer: Answer, setter: Setter) -> Iterator[SheetItem]:
    """Yield a row for each indicator, under its district where there are several."""
    several = sum(bool(section.series) for section in answer.sections) > 1
    for section in answer.sections:
        if several and section.series:
            heading = setter.text([setter.ink(section.heading, GOAL, BOLD)], _HEADING)
            yield SheetItem((BlankBlock(12), heading, BlankBlock(8)), counted=False)
        for series in section.series:
            yield _row(series, setter)


def _row(series: Series, setter: Setter) -> SheetItem:
    name = [setter.ink(say("card.numbered", number=series.number, name=series.name))]
    if series.nature:
        name.append(setter.ink(say("card.nature", nature=series.nature), FAINT))
    figures = _figures(series, setter)
    blocks: list[Block] = []
    if measure([*name, *figures], _SIZE) + _BETWEEN <= INNER:
        blocks.append(Pair(tuple(name), tuple(figures), _SIZE))
    else:
        blocks += [setter.text(name, _SIZE), setter.text(figures, _SIZE, indent=_SIZE)]
    shares = _shares(series)
    if shares:
        blocks += [BlankBlock(2), Bar(*shares)]
    return SheetItem((*blocks, BlankBlock(20)))


def _figures(series: Series, setter: Setter) -> list[Ink]:
    """Return 23个 → 24个, the last in bold; where only one year has a value, with that year."""
    if len(series.points) == 1:
        (point,) = series.points
        return [
            setter.ink(say("card.year", year=point.year), FAINT),
            Ink(" ", FAINT),
            setter.ink(point.text, GOAL, BOLD),
        ]
    inks: list[Ink] = []
    for point in series.points[:-1]:
        inks += [setter.ink(point.text, FAINT), Ink(say("card.arrow"), FAINT)]
    return [*inks, *(setter.ink(point.text, GOAL, BOLD) for point in series.points[-1:])]


def _shares(series: Series) -> tuple[float, float] | None:
    """Return the first and the last value as shares of the larger; None where they can't be compared."""
    if len(series.points) < 2:
        return None
    first, last = series.points[0].value, series.points[-1].value
    if first is None or last is None or max(first, last) <= 0:
        return None
    whole = 100.0 if _is_share(series) else max(first, last)
    return first / whole, last / whole


def _is_share(series: Series) -> bool:
    """Whether the values are parts of a hundred, so that the bar's track is the whole."""
    return all("%" in point.text and (point.value or 0) <= 100 for point in series.points)
