"""Targets, indicators and states at the start as figures in the plan's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answering.answer import Figure, Goal, Point, Series
from bot.messages import say
from bot.query.due import dues
from bot.query.measures import Measure
from corpus.model import Clause, ClauseKind, Indicator, Target

Placed = tuple[Target, Clause]
"""A target and the clause that sets it."""
_NUMBER = re.compile(r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<scale>[万亿]?)")
_AMOUNT = r"[0-9][0-9,]*(?:\.[0-9]+)?[万亿千百]*"
_BARE = re.compile(rf"[≥≤＞＜><=约近±+\-－ ]*{_AMOUNT}(?:[—–\-~～至]{_AMOUNT})?[+＋]?")
"""A number, or two ends of a range, with no more than signs and scales around it."""
_SCALES = {"": 1.0, "万": 1e4, "亿": 1e8}


def indicator_figure(indicator: Indicator) -> Figure:
    """Return 2023年 23个 → 2027年 24个, with the indicator's nature behind it where the plan gives one."""
    return Figure(indicator.name, say("card.arrow").join(_steps(indicator)) + _nature(indicator))


def indicator_goal(indicator: Indicator, place: str) -> Goal:
    """Return an indicator in parts: the first of several years is the state that it starts from."""
    steps = _steps(indicator)
    first, rest = (steps[0], steps[1:]) if len(steps) > 1 else ("", steps)
    return Goal(indicator.name, first, say("card.arrow").join(rest) + _nature(indicator), "", (place,))


def _steps(indicator: Indicator) -> list[str]:
    return [
        say("figure.step", year=year, value=counted(value, indicator.counter))
        for year, value in indicator.values
        if value
    ]


def _nature(indicator: Indicator) -> str:
    return say("card.nature", nature=indicator.nature) if indicator.nature else ""


def counted(value: str, counter: str) -> str:
    """Return a table's value with its counter behind a number; what is no bare number stays as it is printed."""
    if not counter or counter in value:
        return value
    if _BARE.fullmatch(value):
        return value + counter
    return say("figure.counted", value=value, counter=counter) if _NUMBER.search(value) else value


def indicator_series(indicator: Indicator) -> Series:
    """Return an indicator's values as data, each with its counter."""
    points = tuple(
        Point(year, counted(value, indicator.counter), _value(value)) for year, value in indicator.values if value
    )
    return Series(indicator.number, indicator.name, points, indicator.nature)


def _value(printed: str) -> float | None:
    found = _NUMBER.search(printed)
    return float(found["digits"].replace(",", "")) * _SCALES[found["scale"]] if found else None


def target_figure(target: Target, home: Clause) -> Figure:
    """Return the plan's word, the figure as printed, and by when in the plan's words; a state stands in its own."""
    when = _when(target, home)
    if target.value is None:
        return Figure("", target.quote if not when or when in target.quote else target.quote + _bracketed(when))
    return Figure(target.what, _worded(target) + _bracketed(when))


def target_goal(target: Target, home: Clause, place: str) -> Goal:
    """Return a target in parts."""
    stated = target.value is not None
    name, figure = (target.what, _worded(target)) if stated else ("", target.quote)
    return Goal(name, counted(target.baseline, target.counter), figure, _when(target, home), (place,))


def _worded(target: Target) -> str:
    """Return a figure as printed, the plan's own word before it."""
    return (target.verb if target.verb and target.verb not in target.what else "") + target.figure


def _bracketed(words: str) -> str:
    return say("figure.when", when=words) if words else ""


def _when(target: Target, home: Clause) -> str:
    """Return the words in which a clause says by when a target is due; empty where only its plan's period does."""
    if target.recurrence:
        return target.recurrence
    stated = [due for due in dues(home) if due.deadline == target.deadline and due.year == target.year]
    own = [due for due in stated if due.printed in target.quote] or stated
    return own[0].printed if own else ""


def measure_figure(measure: Measure) -> Figure:
    """Return a figure that a topic names, as its place prints it."""
    if isinstance(measure.counted, Indicator):
        return indicator_figure(measure.counted)
    if measure.kind is ClauseKind.STATUS:
        return Figure(say("figure.status", what=measure.what), measure.counted.figure)
    return target_figure(measure.counted, measure.home)


def target_figures(
    targets: Iterable[Placed], most: int, words: Iterable[str] = (), shown: str = ""
) -> tuple[Figure, ...]:
    """Return the figures of targets, each once, those that hold a word or stand in what is ``shown`` first."""
    wanted = tuple(words)
    found: dict[tuple[str, float | None], Placed] = {}
    for target, home in targets:
        if target.value is not None or target.deadline:
            found.setdefault((target.what, target.value), (target, home))

    def rank(of: Placed) -> tuple[int, bool]:
        return -sum(word in of[0].quote for word in wanted), of[0].quote not in shown

    chosen = sorted(found.values(), key=rank)[:most]
    return tuple(replace(target_figure(target, home), in_line=target.quote in shown) for target, home in chosen)


def about(targets: Iterable[Placed], words: Sequence[str], shown: str) -> list[Placed]:
    """Return the targets whose words hold one of the topic and do not stand in what is ``shown`` as they are."""
    return [
        (target, home)
        for target, home in targets
        if any(word in target.quote for word in words)
        and not (target.what in shown and target.figure in shown and target.quote in shown)
    ]
