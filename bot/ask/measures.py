"""Figures that a topic names: indicator rows, targets of clauses and states at the start, matched by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from bot.ask.answer import Figure
from bot.ask.figures import indicator_figure, target_figure
from bot.ask.shelf import Shelf
from bot.messages import say
from corpus.model import Clause, ClauseKind, Target
from corpus.targets import find_targets
from index.catalogue import OpenPlan

Words = Callable[[str], Sequence[str]]
_ENOUGH = 0.55
_NEAR_BEST = 0.3
_AROUND = 0.56
_COMMON = 0.5
"""Share of the tasks from which a word that stands in them names nothing in particular."""
_NOISE = re.compile(r"[“”\"'‘’（）()·、,，\s]")
_NOW = re.compile(r"^(?:[0-9]+[.．])?(?:现有|已有|已建|已评选|我区已建|目前|现|其中)")


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with the clauses it stands in or that pursue it."""

    plan: OpenPlan
    figure: Figure
    score: float
    kind: ClauseKind
    home: Clause
    """The row, status or clause that prints it."""
    clauses: tuple[Clause, ...]
    """Tasks that pursue it; the home itself where it is a task."""
    years: frozenset[int]
    says_all: bool = True
    """Its places hold what is asked beside its name, too: beds are no matter of medical records."""


def find_measures(shelf: Shelf, plans: Sequence[OpenPlan], topic: str, words: Words) -> tuple[Measure, ...]:
    """Return the figures whose name fits a piece of the topic, best first."""
    pieces = tuple(_fold(piece) for piece in topic.split() if len(_fold(piece)) > 1 and not _everywhere(plans, piece))
    found: dict[tuple[str, str], Measure] = {}
    beside: set[str] = set()
    for piece in pieces:
        score = partial(_score, piece, words)
        before = len(found)
        for plan in plans:
            fits = [one for one in _all_measures(shelf, plan, score) if one.score >= _ENOUGH]
            best = max((one.score for one in fits), default=0.0)
            for one in fits:
                if one.score >= best - _NEAR_BEST:
                    found.setdefault((one.home.id, one.figure.name), one)
        if len(found) == before:
            beside.update(words(piece))
    told = [replace(one, says_all=_speaks_of(one, beside)) for one in found.values()]
    return tuple(sorted(told, key=lambda one: -one.score))


def _speaks_of(measure: Measure, beside: Iterable[str]) -> bool:
    text = "\n".join((measure.home.text, *measure.home.path, *(clause.text for clause in measure.clauses)))
    return all(word in text for word in beside if len(word) > 1)


def _everywhere(plans: Sequence[OpenPlan], piece: str) -> bool:
    """Whether a piece is what all of the plans are about (中医) and so tells no figure from another."""
    texts = [clause.text for plan in plans for clause in plan.tasks]
    return sum(piece in text for text in texts) > _COMMON * len(texts)


def _fold(text: str) -> str:
    return _NOISE.sub("", text).casefold()


def _score(piece: str, words: Words, name: str, around: str = "") -> float:
    """Return 1 for the same name, less the more one holds beyond the other, 0 where a word of the topic is missing.

    A word that is not in the name may stand ``around`` it: 实验室申报 is 力争申报…重点实验室.
    """
    name = _fold(name)
    if not name:
        return 0.0
    fit = _fit(piece, name, words)
    if fit or not around:
        return fit
    parts = [part for part in words(piece) if len(part) > 1]
    inside = [part for part in parts if part in name]
    return _AROUND if inside and len(parts) > 1 and all(part in name or part in around for part in parts) else 0.0


def _fit(piece: str, name: str, words: Words) -> float:
    if piece == name:
        return 1.0
    if piece in name:
        return 0.6 + 0.35 * len(piece) / len(name)
    if name in piece:
        return 0.35 + 0.6 * len(name) / len(piece)
    parts = words(piece)
    if len(parts) > 1 and all(part in name for part in parts):
        return 0.5 + 0.3 * min(1.0, sum(map(len, parts)) / len(name))
    return 0.0


def _all_measures(shelf: Shelf, plan: OpenPlan, score: Callable[..., float]) -> Iterator[Measure]:
    for indicator in plan.indicators:
        pursuing = shelf.find(indicator.clauses)
        years = frozenset(year for year, value in indicator.values if value)
        (home,) = shelf.find((indicator.id,))
        yield Measure(plan, indicator_figure(indicator), score(indicator.name), home.kind, home, pursuing, years)
    for clause in plan.clauses:
        if clause.kind is ClauseKind.STATUS:
            for target in _status_targets(clause.body):
                figure = Figure(say("figure.status", what=_NOW.sub("", target.what)), target.figure)
                yield Measure(plan, figure, score(_NOW.sub("", target.what)), clause.kind, clause, (), frozenset())
            continue
        for target in clause.targets:
            if target.value is not None:
                own = (clause,) if clause.kind in (ClauseKind.TASK, ClauseKind.DUTY) else ()
                years = frozenset({target.year} if target.year else ())
                yield Measure(
                    plan, target_figure(target), score(target.what, target.quote), clause.kind, clause, own, years
                )


@lru_cache(maxsize=4096)
def _status_targets(body: str) -> tuple[Target, ...]:
    return find_targets(body, None)
