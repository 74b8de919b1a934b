"""Clauses asked for by their number, in the body or in the annex."""

from __future__ import annotations

import re

from bot.query.plan_repository import PlanRepository
from bot.query.query import ClauseRef
from corpus.model import Clause, ClauseKind, Place
from corpus.notation.numerals import numeral

_NUMBER = re.compile(r"[0-9]+|[一二三四五六七八九十]+")
_DOTTED = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})*")
_NUMBERED = (ClauseKind.TASK, ClauseKind.DUTY, ClauseKind.TEXT)


def find_clauses(shelf: PlanRepository, districts: tuple[str, ...], ref: ClauseRef) -> tuple[Clause, ...]:
    """Return the clauses with a number, the body's before the annex's; those below it where it is a heading."""
    if ref.dotted and not _DOTTED.fullmatch(ref.dotted):
        return ()
    wanted = tuple(int(part) for part in ref.dotted.split(".")) if ref.dotted else ref.parts
    pool = [
        clause for plan in shelf.plans_of(districts) for clause in plan.clauses
        if clause.place is not Place.FRONT and clause.kind in _NUMBERED
        and ("." in clause.number if ref.dotted else clause.place is (ref.place or clause.place))
    ]  # fmt: skip
    exact = [clause for clause in pool if _numbers(clause) == wanted]
    below = [clause for clause in pool if _numbers(clause)[: len(wanted)] == wanted and clause not in exact]
    found = exact + ([] if exact and ref.dotted else below)
    found.sort(key=lambda clause: clause.place is Place.ANNEX and "." in clause.number)
    return _beside(shelf, found[:1], ref.step) if ref.step else tuple(found)


def _beside(shelf: PlanRepository, found: list[Clause], step: int) -> tuple[Clause, ...]:
    """Return the clause so many further on in the plan; none beyond its ends."""
    for clause in found:
        for plan in shelf.plans_of((clause.district,)):
            order = [one.id for one in plan.clauses if one.kind in _NUMBERED and one.place is not Place.FRONT]
            if clause.id in order and 0 <= (at := order.index(clause.id) + step) < len(order):
                return shelf.find((order[at],))
    return ()


def _numbers(clause: Clause) -> tuple[int, ...]:
    return tuple(numeral(part) for part in _NUMBER.findall(clause.number))
