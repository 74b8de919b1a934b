"""The dense side in PostgreSQL: pgvector, compared one by one where few are left, by its HNSW graph among many.

Filters are conditions of the same query. The graph proposes by half precision; what it proposes is weighed again with
the vectors themselves, so both ways give the same cosines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from index.documents import PIECES
from index.filters import Filters, codes_wanted
from index.postgres.lexical import FEW_RANGES, numbers
from index.postgres.state import Note
from index.postgres.view import PostgresView

if TYPE_CHECKING:
    from index.models.base import Vectors

FEW = 5_000
"""Clauses that a filter leaves, up to which their vectors are compared one by one."""
_EXACTLY = """
SELECT row, -(vector <#> %(query)s::vector) AS cosine FROM {pieces} WHERE true {filters}
ORDER BY cosine DESC, row LIMIT %(limit)s
"""
_BY_GRAPH = """
WITH near AS MATERIALIZED (
    SELECT row, vector FROM piece WHERE row <@ %(ranges)s::int4multirange {filters}
    ORDER BY vector::halfvec({dimension}) <#> %(query)s::halfvec({dimension}) LIMIT %(limit)s
)
SELECT row, -(vector <#> %(query)s::vector) AS cosine FROM near ORDER BY cosine DESC, row LIMIT %(limit)s
"""
_IN_ALL = "(SELECT * FROM piece WHERE row <@ %(ranges)s::int4multirange) AS piece"
_IN_FEW = """
unnest(%(starts)s::int[], %(ends)s::int[]) AS span (first, behind) JOIN piece ON row >= first AND row < behind
"""
_OF_ROWS = """
SELECT row, max(-(vector <#> %(query)s::vector)) AS cosine FROM piece WHERE row = ANY(%(rows)s) GROUP BY row
"""
_OF_UNITS = "AND row IN (SELECT unnest(rows) FROM naming WHERE key = ANY(%(units)s))"
_OF_CODES = "AND code = ANY(%(codes)s)"

Run = Callable[..., list[tuple[Any, ...]]]
"""Runs a statement with its values by name."""


def nearest(
    run: Run, view: PostgresView, note: Note, vector: Vectors, filters: Filters, limit: int
) -> dict[int, float]:
    """Return the cosines by row of the ``limit`` clauses nearest to a question that pass the filters.

    A clause that has several vectors counts with the nearest.
    """
    ranges, codes = view.rows_of(filters.districts), codes_wanted(filters)
    if note.dense is None or not ranges.starts:
        return {}
    conditions = (_OF_UNITS if filters.unit_keys else "") + (_OF_CODES if codes is not None else "")
    if note.graph and ranges.total > FEW and not filters.unit_keys:
        statement = _BY_GRAPH.format(filters=conditions, dimension=note.dense.dimension)
    else:
        pieces = _IN_FEW if len(ranges.starts) <= FEW_RANGES else _IN_ALL
        statement = _EXACTLY.format(pieces=pieces, filters=conditions)
    found = run(
        statement, query=text(vector), ranges=ranges.text, starts=list(ranges.starts), ends=list(ranges.ends),
        units=list(filters.unit_keys), codes=numbers(codes), limit=limit * PIECES,
    )  # fmt: skip
    best: dict[int, float] = {}
    for row, cosine in found:
        best.setdefault(row, cosine)
        if len(best) == limit:
            break
    return best


def likeness(run: Run, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
    """Return the cosine of each of these rows with a question; none for a row without vectors."""
    return dict(run(_OF_ROWS, query=text(vector), rows=list(rows)))


def text(vector: Vectors) -> str:
    """Return a vector as PostgreSQL reads it."""
    return f"[{','.join(map(repr, vector.tolist()))}]"
