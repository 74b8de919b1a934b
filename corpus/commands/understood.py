"""How much of a plan is understood: the share of its text in clauses with units, and what is not read, worst first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.datafiles import load
from corpus.messages import say
from corpus.model import ParseProblem, Place, Plan

_SHOWN = 3
"""Places that the one line names."""
_LISTED = 8
"""Places that are listed above it."""
_QUOTE = 24


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not understood: one bracket, or rows of one table that follow one another."""

    first: int
    last: int
    """Lines in the source."""
    text: str
    """Of the first of them."""
    reason: str
    size: int
    """Characters in all."""


def gaps(plan: Plan) -> tuple[Gap, ...]:
    """Return what is not understood, the longest first."""
    found: list[Gap] = []
    for problem in sorted(plan.problems, key=lambda one: one.line):
        above = found[-1] if found else None
        if above and above.reason == problem.reason and above.last in {problem.line, problem.line - 1}:
            found[-1] = replace(above, last=problem.line, size=above.size + len(problem.text))
        else:
            found.append(_gap(problem))
    return tuple(sorted(found, key=lambda gap: -gap.size))


def _gap(problem: ParseProblem) -> Gap:
    return Gap(problem.line, problem.line, problem.text, problem.reason, len(problem.text))


def measure(plan: Plan) -> Iterator[str]:
    """Yield what is not understood, a line each, then the one line that measures it all."""
    found = gaps(plan)
    yield from map(_line, found[:_LISTED])
    if len(found) > _LISTED:
        yield say("measure.more", count=len(found) - _LISTED)
    body = [clause for clause in plan.clauses if clause.place is not Place.FRONT]
    all_text = sum(len(clause.text) for clause in body) or 1
    strange = sum(gap.size for gap in found)
    with_units = sum(len(clause.text) for clause in body if clause.units)
    shares = {"units": with_units, "strange": strange, "plain": max(0, all_text - with_units - strange)}
    values = {name: f"{100 * share / all_text:.0f}%" for name, share in shares.items()}
    worst = say("measure.comma").join(_place(gap) for gap in found[:_SHOWN])
    yield say("measure.worst" if found else "measure.whole", worst=worst, **values)


def _line(gap: Gap) -> str:
    reason = load("rules")["reasons"][gap.reason]
    return say("measure.gap", place=_place(gap), reason=reason, text=gap.text.replace("\n", " ")[:_QUOTE])


def _place(gap: Gap) -> str:
    return say("measure.line" if gap.first == gap.last else "measure.lines", first=gap.first, last=gap.last)
