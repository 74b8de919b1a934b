"""The dense side: exact inner products over unit vectors in FAISS, filtered inside the search."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import SnapshotError

PIECES = 4
"""Pieces of one clause (its sentences) that a search makes room for, on average."""


class VectorIndex:
    """A built index, opened for searching. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        try:
            self._index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
        except (OSError, RuntimeError) as error:
            raise SnapshotError(f"{path}: {error}") from error

    def search(self, query: NDArray[np.float32], rows: NDArray[np.int64] | None, limit: int) -> dict[int, float]:
        """Return cosines by row for the ``limit`` nearest clauses among ``rows`` (None: all of them).

        A clause that has several vectors counts with the nearest.
        """
        count = min(limit * PIECES, self._index.ntotal)
        if not count or (rows is not None and not rows.size):
            return {}
        parameters = None
        if rows is not None:
            # faiss's types do not know the keywords that its wrapper adds.
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
        cosines, found = self._index.search(query[None, :], count, params=parameters)
        best: dict[int, float] = {}
        for row, cosine in zip(found[0].tolist(), cosines[0].tolist(), strict=True):
            if row >= 0 and len(best) < limit:
                best.setdefault(row, cosine)
        return best


def build_vectors(path: Path, vectors: NDArray[np.float32], rows: NDArray[np.int64]) -> None:
    """Write an index of unit ``vectors``, each belonging to the clause in ``rows``, to ``path``."""
    index = faiss.IndexIDMap(faiss.IndexFlatIP(vectors.shape[1]))
    index.add_with_ids(vectors, rows)
    # Through memory, not faiss's own writer: a full disk is then an OSError that says so.
    path.write_bytes(faiss.serialize_index(index).tobytes())
