"""Figures that a topic names: indicator rows, targets of clauses and states at the start, matched by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from rapidfuzz.fuzz import ratio

from bot.query.plan_repository import PlanRepository
from corpus.figures.states import without_now
from corpus.figures.targets import find_targets
from corpus.model import Clause, ClauseKind, Indicator, Target
from index.catalogue import OpenPlan

Words = Callable[[str], Sequence[str]]
_ENOUGH = 0.55
_NEAR_BEST = 0.3
_AROUND = 0.56
_LONG, _ALIKE, _ALMOST = 6, 88.0, 0.9
"""Characters from which a name may be written a little otherwise, how like in per cent, and what that counts."""
_COMMON = 0.5
"""Share of the tasks from which a word that stands in them names nothing in particular."""
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_NOISE = re.compile(r"[“”\"'‘’（）()·、,，\s]")


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with the clauses it stands in or that pursue it."""

    plan: OpenPlan
    what: str
    """What is counted, in the plan's words."""
    counted: Indicator | Target
    score: float
    kind: ClauseKind
    home: Clause
    """The row, status or clause that prints it."""
    clauses: tuple[Clause, ...]
    """Tasks that pursue it; the home itself where it is a task."""
    years: frozenset[int]
    says_all: bool = True
    """Its places hold what is asked beside its name, too: beds are no matter of medical records."""


@dataclass(frozen=True, slots=True)
class _Named:
    """Something that a plan counts, by its name."""

    name: str
    around: str
    """The words it stands among."""
    home: Clause
    counted: Indicator | Target


def find_measures(shelf: PlanRepository, plans: Sequence[OpenPlan], topic: str, words: Words) -> tuple[Measure, ...]:
    """Return the figures whose name fits a piece of the topic, best first."""
    pieces = tuple(_fold(piece) for piece in topic.split() if len(_fold(piece)) > 1 and not _everywhere(plans, piece))
    found: dict[tuple[str, str, frozenset[int]], Measure] = {}
    beside: set[str] = set()
    for piece in pieces:
        before = len(found)
        for plan in plans:
            scored = [(_score(piece, words, one.name, one.around), one) for one in _all_named(plan)]
            best = max((score for score, _ in scored), default=0.0)
            for score, one in scored:
                if score >= _ENOUGH and score >= best - _NEAR_BEST:
                    measure = _measure(shelf, plan, score, one)
                    found.setdefault((measure.home.id, measure.what, measure.years), measure)
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
    if not name:
        return 0.0
    fit = _fit(piece, name, around, words)
    if fit or not around:
        return fit
    parts = [part for part in words(piece) if len(part) > 1]
    inside = [part for part in parts if part in name]
    return _AROUND if inside and len(parts) > 1 and all(part in name or part in around for part in parts) else 0.0


def _is_filled(short: str, long: str) -> bool:
    """Whether the longer name is the shorter with more in its midst: 市级… and 区级… are two things, however alike."""
    rest = iter(long)
    return short[0] == long[0] and short[-1] == long[-1] and all(char in rest for char in short)


def _fit(piece: str, name: str, around: str, words: Words) -> float:
    if piece == name:
        return 1.0
    if piece in name:
        return 0.6 + 0.35 * len(piece) / len(name)
    if name in piece:
        beyond = [part for part in words(piece.replace(name, " ")) if len(part) > 1]
        return 0.0 if around and not all(part in around for part in beyond) else 0.35 + 0.6 * len(name) / len(piece)
    if len(piece) >= _LONG and ratio(piece, name) >= _ALIKE and _is_filled(*sorted((piece, name), key=len)):
        return _ALMOST
    parts = words(piece)
    if len(parts) > 1 and all(part in name for part in parts):
        return 0.5 + 0.3 * min(1.0, sum(map(len, parts)) / len(name))
    return 0.0


_NAMED: WeakKeyDictionary[OpenPlan, tuple[_Named, ...]] = WeakKeyDictionary()
"""What a plan counts, for as long as the plan is kept open."""


def _all_named(plan: OpenPlan) -> tuple[_Named, ...]:
    """Return everything that a plan counts, in its order."""
    found = _NAMED.get(plan)
    if found is None:
        found = _NAMED[plan] = _read_named(plan)
    return found


def _names_of(printed: str) -> tuple[str, ...]:
    """Return a name as it is printed, and without what stands in brackets in it (中医重点（特色）专科)."""
    return tuple(dict.fromkeys((_fold(printed), _fold(_BRACKETS.sub("", printed)))))


def _read_named(plan: OpenPlan) -> tuple[_Named, ...]:
    homes = {clause.id: clause for clause in plan.clauses}
    found = [_Named(name, "", homes[row.id], row) for row in plan.indicators for name in _names_of(row.name)]
    for clause in plan.clauses:
        if clause.kind is ClauseKind.STATUS:
            states = find_targets(clause.body, None)
            found += [_Named(_fold(without_now(one.what)), "", clause, one) for one in states]
        else:
            targets = (one for one in clause.targets if one.value is not None)
            found += [_Named(_fold(one.what), one.quote, clause, one) for one in targets]
    return tuple(found)


def _measure(shelf: PlanRepository, plan: OpenPlan, score: float, named: _Named) -> Measure:
    home, counted = named.home, named.counted
    if isinstance(counted, Indicator):
        years = frozenset(year for year, value in counted.values if value)
        pursuing = shelf.find(counted.clauses)
        return Measure(plan, counted.name, counted, score, home.kind, home, pursuing, years)
    if home.kind is ClauseKind.STATUS:
        return Measure(plan, without_now(counted.what), counted, score, home.kind, home, (), frozenset())
    own = (home,) if home.kind in (ClauseKind.TASK, ClauseKind.DUTY) else ()
    years = frozenset({counted.year} if counted.year else ())
    return Measure(plan, counted.what, counted, score, home.kind, home, own, years)
