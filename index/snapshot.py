"""A snapshot: the parsed plans with both indexes over them, opened from disk and searched; never changed.

Opening reads the plans only. jieba, tantivy, FAISS and torch are loaded by the first search that needs them,
so a question that the plans' data answers waits for none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from corpus.model import Clause, Plan
from index.confidence import Confidence, confidence
from index.encoder import Encoder, Vectors
from index.errors import ModelUnavailableError, SnapshotError
from index.filters import ClauseTable, Filters
from index.fusion import fuse
from index.manifest import Manifest, read_manifest
from index.tokens import Segmenter

if TYPE_CHECKING:
    from index.lexical import LexicalIndex
    from index.vectors import VectorIndex

CURRENT = "current"
"""File that names the snapshot to open."""
PLANS, WORDS, LEXICAL, VECTORS, CENTROID = "plans.json", "words.txt", "lexical", "vectors.faiss", "centroid.npy"
CANDIDATES = 100
"""Clauses that each side proposes before fusion, at least."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found, with its fused score (0…1) and what each side gave it."""

    clause: Clause
    score: float
    lexical: float
    """BM25; 0 when the clause shares no word with the question."""
    dense: float
    """Cosine; 0 when the dense side did not propose the clause."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Clauses best first, and how likely the plans are to answer the question at all."""

    hits: tuple[Hit, ...]
    confidence: Confidence
    degraded: str = ""
    """Why the dense side is missing; empty when it took part or was not asked for."""


class Snapshot:
    """An opened snapshot; safe to share between threads."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open the snapshot in ``folder``; SnapshotError when it is not whole."""
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)
        try:
            self.plans = msgspec.json.decode((folder / PLANS).read_bytes(), type=tuple[Plan, ...])
        except (OSError, msgspec.DecodeError) as error:
            raise SnapshotError(f"{folder / PLANS}: {error}") from error
        self._encoder = encoder
        self._table = ClauseTable(self.plans)

    @property
    def model_loaded(self) -> bool:
        """Whether the embedding model is in memory; the first search that needs it loads it."""
        return self._encoder.is_loaded

    @classmethod
    def open(cls, store: Path, encoder: Encoder) -> Snapshot:
        """Open the current snapshot of ``store``; SnapshotError when there is none or it is not whole."""
        try:
            name = (store / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SnapshotError(f"{store / CURRENT}: {error}") from error
        return cls(store / name, encoder)

    def search(
        self, query: str, filters: Filters = Filters(), *, limit: int = 10, expansions: Sequence[str] = ()
    ) -> SearchResult:
        """Return the clauses nearest to ``query`` by words and by meaning.

        ``expansions`` are words that the question stands for and does not hold; they count half. Without the
        model the search goes on by words alone, and the result says so.
        """
        try:
            vector = self._query_vector(query)
        except ModelUnavailableError as error:
            return replace(self._search(query, None, filters, limit, expansions), degraded=str(error))
        return self._search(query, vector, filters, limit, expansions)

    def lexical_search(
        self, query: str, filters: Filters = Filters(), *, limit: int = 10, expansions: Sequence[str] = ()
    ) -> SearchResult:
        """Return the clauses nearest to ``query`` by words; never waits for the model."""
        return self._search(query, None, filters, limit, expansions)

    def cut(self, text: str) -> list[str]:
        """Return ``text`` folded to one width and case, cut into words; nothing of it is left out."""
        return self._segmenter.cut(text)

    def words(self, text: str) -> dict[str, float]:
        """Return the words of ``text`` that carry its subject, each with its weight (rare words weigh more)."""
        return self._lexical.weights(self._segmenter.words(text))

    def _search(
        self, query: str, vector: Vectors | None, filters: Filters, limit: int, expansions: Sequence[str]
    ) -> SearchResult:
        wide = max(CANDIDATES, limit)
        more = " ".join(expansions)
        tokens, more_tokens = self._segmenter.tokens(query), self._segmenter.tokens(more)
        lexical = self._lexical.search(tokens, filters, wide, more_tokens)
        dense: dict[int, float] = {}
        lift = None
        if vector is not None and self.manifest.dense is not None:
            dense = self._vectors.search(vector, self._table.allowed(filters), wide)
            lift = self.manifest.dense.scale.scaled(max(dense.values(), default=0.0) - float(vector @ self._centroid))
        hits = tuple(
            Hit(self._table.clauses[row], score, lexical.get(row, 0.0), dense.get(row, 0.0))
            for row, score in fuse(lexical, dense)[:limit]
        )
        coverage = self._lexical.coverage(self._segmenter.words(f"{query} {more}"))
        return SearchResult(hits, confidence(coverage, lift))

    def _query_vector(self, query: str) -> Vectors:
        dense = self.manifest.dense
        if dense is None:
            raise ModelUnavailableError(self.manifest.failure)
        vector = self._encoder.encode_query(query)
        if vector.shape != (dense.dimension,) or self._encoder.prompts != dense.prompts:
            raise ModelUnavailableError(f"{self._encoder.name}: not the model that made this index")
        return vector

    @cached_property
    def _segmenter(self) -> Segmenter:
        words = (self.folder / WORDS).read_text(encoding="utf-8").splitlines()
        return Segmenter(words, self.folder.parent)

    @cached_property
    def _lexical(self) -> LexicalIndex:
        from index.lexical import LexicalIndex

        return LexicalIndex(self.folder / LEXICAL)

    @cached_property
    def _vectors(self) -> VectorIndex:
        from index.vectors import VectorIndex

        return VectorIndex(self.folder / VECTORS)

    @cached_property
    def _centroid(self) -> Vectors:
        import numpy as np

        centroid: Vectors = np.load(self.folder / CENTROID, allow_pickle=False)
        return centroid
