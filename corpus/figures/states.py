"""The state at the start: the figures of a status cell (现有市名中医5名), and the baselines they give to targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from corpus.datafiles import load
from corpus.figures.indicators import pursues
from corpus.model import Clause, ClauseKind, Indicator, Target
from corpus.notation.numbers import Number, find_numbers

_PART = re.compile(r"[^。；;\n，,]+")
_LIST_NUMBER = re.compile(r"^[ ]*(?:[0-9]{1,2}[.．、](?![0-9])|[（(][0-9一二三四五六七八九十]{1,3}[）)])")
_EACH = "各"
_SAME = 0.75
"""How well a name must fit for its figure to be a target's baseline; that of ``indicators.link``."""


@dataclass(frozen=True, slots=True)
class StateFigure:
    """One number of the state at the start."""

    thing: str
    """What there is (中医重点专科), as printed."""
    value: float
    counter: str
    figure: str
    """The number as printed with its counter (8个)."""
    whole: str
    """What it is part of, where it stands behind 其中; else empty."""
    quote: str
    """The words around it, verbatim."""


@cache
def _verbs() -> re.Pattern[str]:
    words = sorted(load("states")["verbs"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def state_figures(text: str) -> tuple[StateFigure, ...]:
    """Return the figures of a status text in order; 甲、乙各1个 gives one to each."""
    found: list[StateFigure] = []
    whole = ""
    for part in _PART.findall(text):
        phrase = _LIST_NUMBER.sub("", part.strip())
        inside = phrase.startswith("其中")
        if not inside and not (whole and _continues(phrase)):
            whole = ""
        if inside and found:
            whole = found[-1].thing
        found += _phrase_figures(phrase.removeprefix("其中"), whole)
    return tuple(found)


def _continues(phrase: str) -> bool:
    """Whether a part goes on with the list behind 其中: it opens with a bare level (区县级23人)."""
    return bool(re.match(rf"(?:{'|'.join(load('states')['levels'])})级?[0-9]", phrase))


def _phrase_figures(phrase: str, whole: str) -> Iterator[StateFigure]:
    waiting: list[str] = []
    for item in phrase.split("、"):
        numbers = tuple(find_numbers(item)) or tuple(_graded(item))
        if not numbers:
            waiting.append(_thing(item, ""))
            continue
        number = numbers[-1]
        before = item[: number.start]
        if not before.endswith(_EACH):
            waiting = []
        for thing in (*waiting, _thing(before.removesuffix(_EACH), item[number.end :])):
            figure = item[number.start : number.end]
            yield StateFigure(thing, number.value, number.counter, figure, whole, phrase)
        waiting = []


def _graded(item: str) -> Iterator[Number]:
    """Yield a grade at the end of a part, which is a number here and not part of a name (评价为3级)."""
    found = re.search(r"为(?P<value>[0-9])级$", item)
    if found:
        yield Number(found.start("value"), found.end(), found.start("value"), float(found["value"]), None, "级", "=")


def _thing(before: str, after: str) -> str:
    """Return what a figure counts: the words behind the verb (现有…), else those behind the number."""
    subject = [part for part in _verbs().split(before) if part.strip()]
    return (subject[-1] if subject and (len(subject) > 1 or not after) else after or before).strip(" 的")


def with_baselines(clauses: tuple[Clause, ...], indicators: tuple[Indicator, ...]) -> tuple[Clause, ...]:
    """Return the clauses with the state before each target: the table's figure, else the status text's.

    A body clause takes the status text of the annex rows that carry it out.
    """
    status = {clause.id: clause.status for clause in clauses}
    found = []
    for clause in clauses:
        if not clause.targets:
            found.append(clause)
            continue
        texts = dict.fromkeys(status[one] for one in (clause.id, *clause.counterparts))
        figures = tuple(one for text in texts for one in state_figures(text) if not one.whole)
        rows = [row for row in indicators if clause.kind is ClauseKind.TEXT or clause.id in row.clauses]
        targets = tuple(replace(one, baseline=_baseline(one, rows, figures)) for one in clause.targets)
        found.append(replace(clause, targets=targets))
    return tuple(found)


def _baseline(target: Target, rows: list[Indicator], figures: tuple[StateFigure, ...]) -> str:
    if target.baseline or target.value is None or target.recurrence:
        return target.baseline
    return _from_table(target, rows) or _from_status(target, figures)


def _from_table(target: Target, rows: list[Indicator]) -> str:
    best = max(rows, key=lambda row: pursues(target, row.name, row.counter), default=None)
    if best is None or pursues(target, best.name, best.counter) < _SAME:
        return ""
    earlier = [value for year, value in best.values if target.year is None or year < target.year]
    return earlier[0] if earlier and len(best.values) > 1 else ""


def _from_status(target: Target, figures: tuple[StateFigure, ...]) -> str:
    best = max(figures, key=lambda one: pursues(target, one.thing, one.counter), default=None)
    return best.figure if best and pursues(target, best.thing, best.counter) >= _SAME else ""


@cache
def _opening() -> re.Pattern[str]:
    words = sorted(load("states")["now"], key=len, reverse=True)
    return re.compile(rf"^(?:[0-9]+[.．])?(?:{'|'.join(map(re.escape, words))})")


def without_now(what: str) -> str:
    """Return what a state counts without the words that say that it is so now (现有, 已建)."""
    return _opening().sub("", what)
