"""Clauses that say the same in body and annex, taken together: each group is one task of a reader's list."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Clause


def group(clauses: Sequence[Clause]) -> list[list[Clause]]:
    """Join each clause with its counterparts among ``clauses``; order by the first of each group."""
    groups: list[list[Clause]] = []
    home: dict[str, list[Clause]] = {}
    for clause in clauses:
        joined = next((home[one] for one in clause.counterparts if one in home), None)
        if joined is None:
            joined = []
            groups.append(joined)
        joined.append(clause)
        home[clause.id] = joined
    return groups
