"""Body clauses and the annex rows that carry them out: found by how much of the row's text the clause repeats."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.model import Clause, ClauseKind, Place

_GRAM = 3
_ENOUGH = 0.45


def _grams(text: str) -> set[str]:
    text = re.sub(r"[\W_]+", "", text)
    return {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}


def link_counterparts(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Return the clauses with their counterparts: each annex task with the body task that says most of it."""
    body = [clause for clause in clauses if clause.kind is ClauseKind.TASK and clause.place is Place.BODY]
    annex = [clause for clause in clauses if clause.kind is ClauseKind.TASK and clause.place is Place.ANNEX]
    grams = {clause.id: _grams(clause.body) for clause in body}
    links: dict[str, list[str]] = {}
    for row in annex:
        own = _grams(row.body)
        overlaps = {clause.id: _overlap(own, grams[clause.id]) for clause in body}
        best = max(body, key=lambda clause: overlaps[clause.id], default=None)
        if best is not None and overlaps[best.id] >= _ENOUGH:
            links.setdefault(row.id, []).append(best.id)
            links.setdefault(best.id, []).append(row.id)
    return tuple(
        replace(clause, counterparts=tuple(links[clause.id])) if clause.id in links else clause for clause in clauses
    )


def _overlap(row: set[str], clause: set[str]) -> float:
    return len(row & clause) / len(row) if row else 0.0


def unit_differences(
    clause: Clause, others: tuple[Clause, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the union of the units of a clause and its counterparts, those only it names, those only they name."""
    own = [ref.name for ref in clause.units]
    theirs = list(dict.fromkeys(ref.name for other in others for ref in other.units))
    union = (*own, *(name for name in theirs if name not in own))
    return union, tuple(name for name in own if name not in theirs), tuple(name for name in theirs if name not in own)
