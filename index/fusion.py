"""One ranking out of two: a weighted sum of scores, each brought to 0…1 within its own list."""

from __future__ import annotations

DENSE_WEIGHT = 0.6
"""Measured, and flat around it: see docs/retrieval.md."""


def fuse(
    lexical: dict[int, float], dense: dict[int, float], dense_weight: float = DENSE_WEIGHT
) -> list[tuple[int, float]]:
    """Return (row, score) best first; a row that one list lacks has 0 there.

    BM25 has a natural zero (no common word); cosines have none, so the lowest one stands for it.
    """
    high = max(lexical.values(), default=0.0)
    low_cosine, high_cosine = min(dense.values(), default=0.0), max(dense.values(), default=0.0)
    spread = high_cosine - low_cosine
    fused = {}
    for row in (*lexical, *dense):
        by_words = lexical.get(row, 0.0) / high if high else 0.0
        by_meaning = (dense[row] - low_cosine) / spread if row in dense and spread else 0.0
        fused[row] = (1 - dense_weight) * by_words + dense_weight * by_meaning
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))
