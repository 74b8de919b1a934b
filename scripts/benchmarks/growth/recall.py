"""How many of the ten nearest clauses the vector index finds: against every piece of every clause, compared exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from corpus.model import Clause
from index.documents import dense_texts
from index.encoder import Encoder
from index.filters import Filters
from index.models.base import Vectors
from index.snapshot import Snapshot

NEAREST = 10
_BATCH = 20_000
"""Pieces compared at once."""
_EQUAL = 1e-4
"""Clauses that say the same are as near as each other: any of them will do."""


def recall(snapshot: Snapshot, encoder: Encoder, texts: Sequence[str]) -> float:
    """Return the share of the nearest clauses that the index gives among its first ten, over ``texts`` as questions."""
    queries = np.stack([encoder.encode_query(text) for text in texts])
    farthest = _farthest(encoder, queries, clauses(snapshot))
    hits = 0
    for query, least in zip(queries, farthest, strict=True):
        found = nearest(snapshot, query)
        hits += sum(_cosine(encoder, query, clause) >= least - _EQUAL for clause in found)
    return hits / (NEAREST * len(texts))


def clauses(snapshot: Snapshot) -> Iterator[Clause]:
    """Yield every clause of a snapshot, a plan at a time."""
    for plan in snapshot.catalogue.plan_ids():
        yield from snapshot.catalogue.clauses(plan)


def nearest(snapshot: Snapshot, query: Vectors) -> list[Clause]:
    """Return what the vectors alone take for the nearest clauses."""
    rows = snapshot.backend.nearest(query, Filters(), NEAREST)
    return list(snapshot.catalogue.rows(list(rows)).values())


def _farthest(encoder: Encoder, queries: Vectors, every: Iterable[Clause]) -> list[float]:
    """Return each query's cosine with the last of its nearest clauses."""
    best = np.full((len(queries), NEAREST), -1.0, dtype=np.float32)
    for starts, pieces in _batches(every):
        cosines = queries @ encoder.encode_documents(pieces).T
        by_clause = np.maximum.reduceat(cosines, starts, axis=1)
        both = np.concatenate([best, by_clause], axis=1)
        best = -np.partition(-both, NEAREST - 1, axis=1)[:, :NEAREST]
    return [float(least) for least in best.min(axis=1)]


def _batches(every: Iterable[Clause]) -> Iterator[tuple[list[int], list[str]]]:
    """Yield embedded texts of many clauses, and where each clause's texts begin among them."""
    starts: list[int] = []
    pieces: list[str] = []
    for clause in every:
        starts.append(len(pieces))
        pieces.extend(dense_texts(clause))
        if len(pieces) >= _BATCH:
            yield starts, pieces
            starts, pieces = [], []
    if pieces:
        yield starts, pieces


def _cosine(encoder: Encoder, query: Vectors, clause: Clause) -> float:
    return float((encoder.encode_documents(dense_texts(clause)) @ query).max())
