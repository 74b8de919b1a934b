"""Targets, indicators and states at the start as figures in the plan's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.answering.answer import Figure, Point, Series
from bot.messages import say
from bot.query.measures import Measure
from corpus.model import Clause, ClauseKind, Indicator, Target

_NUMBER = re.compile(r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<scale>[万亿]?)")
_SCALES = {"": 1.0, "万": 1e4, "亿": 1e8}


def indicator_figure(indicator: Indicator) -> Figure:
    """Return 2023年 23个 → 2027年 24个, with the indicator's nature behind it where the plan gives one."""
    steps = [f"{year}年 {value}{indicator.counter}" for year, value in indicator.values if value]
    nature = f"（{indicator.nature}）" if indicator.nature else ""
    return Figure(indicator.name, " → ".join(steps) + nature)


def indicator_series(indicator: Indicator) -> Series:
    """Return an indicator's values as data, each with its counter."""
    points = tuple(
        Point(year, value + ("" if value.endswith(indicator.counter) else indicator.counter), _value(value))
        for year, value in indicator.values
        if value
    )
    return Series(indicator.number, indicator.name, points, indicator.nature)


def _value(printed: str) -> float | None:
    found = _NUMBER.search(printed)
    return float(found["digits"].replace(",", "")) * _SCALES[found["scale"]] if found else None


def target_figure(target: Target) -> Figure:
    """Return the plan's word, the figure as printed, and by when."""
    word = target.verb if target.verb and target.verb not in target.what else ""
    when = _when(target)
    if target.value is None:
        return Figure(target.what, when)
    return Figure(target.what, f"{word}{target.figure}{when}")


def _when(target: Target) -> str:
    if target.recurrence:
        return f"（{target.recurrence}）"
    if target.deadline:
        return f"（{target.deadline.year}年{target.deadline.month}月{target.deadline.day}日前）"
    return f"（{target.year}年）" if target.year and target.value is not None else ""


def measure_figure(measure: Measure) -> Figure:
    """Return a figure that a topic names, as its place prints it."""
    if isinstance(measure.counted, Indicator):
        return indicator_figure(measure.counted)
    if measure.kind is ClauseKind.STATUS:
        return Figure(say("figure.status", what=measure.what), measure.counted.figure)
    return target_figure(measure.counted)


def clause_figures(clauses: tuple[Clause, ...], most: int, words: Iterable[str] = ()) -> tuple[Figure, ...]:
    """Return the numeric targets of clauses that say the same, each once, those that hold a word first."""
    wanted = tuple(words)
    found: dict[tuple[str, float | None], Target] = {}
    for clause in clauses:
        for target in clause.targets:
            if target.value is not None or target.deadline:
                found.setdefault((target.what, target.value), target)
    ranked = sorted(found.values(), key=lambda target: -sum(word in target.quote for word in wanted))
    return tuple(target_figure(target) for target in ranked[:most])
