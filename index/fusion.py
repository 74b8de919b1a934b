"""One ranking out of two: a weighted sum of scores, each brought to 0…1 within its own list."""

from __future__ import annotations

from operator import itemgetter

DENSE_WEIGHT = 0.6
"""Measured, and flat around it: see docs/retrieval.md."""


def fuse(
    lexical: dict[int, float], dense: dict[int, float], dense_weight: float = DENSE_WEIGHT
) -> list[tuple[int, float]]:
    """Return (row, score) best first; a row that one list lacks has 0 there.

    BM25 has a natural zero (no common word); cosines have none, so the lowest one stands for it.
    """
    high = max(lexical.values(), default=0.0) or 1.0
    low_cosine = min(dense.values(), default=0.0)
    spread = max(dense.values(), default=0.0) - low_cosine or 1.0
    fused = {row: (1 - dense_weight) * score / high for row, score in lexical.items()}
    for row, cosine in dense.items():
        fused[row] = fused.get(row, 0.0) + dense_weight * (cosine - low_cosine) / spread
    # Of equal scores the first row comes first: the second sorting keeps the order of the first.
    return sorted(sorted(fused.items()), key=itemgetter(1), reverse=True)
