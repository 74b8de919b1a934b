"""A snapshot: one state of all plans, searched by words and by meaning; never changed.

jieba, tantivy, FAISS and the model are loaded by the first search that needs them, so a question that the plans' data
answers waits for none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from corpus.model import Clause
from index.backend import Backend
from index.documents import found_text
from index.errors import ModelUnavailableError
from index.filters import Filters
from index.fusion import fuse
from index.memory import give_back
from index.tokens import RUN, Segmenter, fold, tokens_inside

if TYPE_CHECKING:
    from index.catalogue import Catalogue
    from index.encoder import Encoder
    from index.models.base import Read, Vectors

CANDIDATES = 100
"""Clauses that each side proposes before fusion, at least."""
WEIGHED = 20
"""Of those that words propose, how many are weighed by meaning even if meaning did not propose them."""
_ANYTHING = "重点任务"
"""What is searched for so that the next search waits for nothing."""


class Hit(NamedTuple):
    """A clause that was found, with its fused score (0…1) and what each side gave it."""

    clause: Clause
    score: float
    lexical: float
    """BM25; 0 when the clause shares no word with the question."""
    dense: float
    """Cosine; 0 when the dense side did not propose the clause."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Clauses best first, and how far the best one stands out."""

    hits: tuple[Hit, ...]
    lift: float | None
    """How far the best clause stands out, in units of off-topic questions; None without vectors."""
    degraded: str = ""
    """Why the dense side is missing; empty when it took part or was not asked for."""


class Snapshot:
    """An opened snapshot; safe to share between threads."""

    def __init__(self, backend: Backend, encoder: Encoder) -> None:
        self.backend = backend
        self._encoder = encoder

    @property
    def model_loaded(self) -> bool:
        """Whether the embedding model is in memory; the first search that needs it loads it."""
        return self._encoder.is_loaded

    @property
    def state(self) -> tuple[float, int]:
        """What tells a state of one index from its others: when it was made, and its number where it has one."""
        return self.backend.built_at, self.backend.generation

    @property
    def catalogue(self) -> Catalogue:
        """The plans."""
        return self.backend.catalogue

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

    def warm(self) -> None:
        """Load what the first search would wait for."""
        self.search(_ANYTHING, limit=1)
        give_back()

    def read(self, text: str) -> Read | None:
        """Return what the model reads in a message; None where there is no model, or none that can read."""
        if self.backend.dense is None:
            return None
        try:
            return self._encoder.read(text)
        except ModelUnavailableError:
            return None

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
        return self.backend.lexical.weights(self._segmenter.words(text))

    def share(self, word: str, kind: str) -> float:
        """Return the share of a kind's clauses that hold a word."""
        return self.backend.lexical.share(fold(word), kind)

    def holds(self, phrase: str, districts: Sequence[str] = (), *, outside: bool = False) -> bool:
        """Whether a phrase stands in a plan of the districts (of any for none); ``outside``: of all the others."""
        lexical, folded = self.backend.lexical, fold(phrase)
        tokens, single = tokens_inside(folded)
        # A single character is no token of its own everywhere, and hardly a plan is without it.
        if not all(map(lexical.begins, single)):
            return False
        if len(tokens) < 2:
            return all(lexical.knows(token, districts, outside=outside) for token in tokens)
        rows = lexical.holding(tokens, districts, outside=outside)
        return any(folded in fold(found_text(clause)) for clause in self.catalogue.rows(rows).values())

    def may_hold_part(self, text: str, size: int) -> bool:
        """Whether a run of ``size`` characters of a text may stand in a plan; False is certain."""
        folded, known = fold(text), 1
        for pair in (folded[at : at + 2] for at in range(len(folded) - 1)):
            # Only pairs of Chinese characters are tokens: of others nothing is known.
            is_token = RUN.fullmatch(pair) and not pair.isascii()
            known = 1 if is_token and not self.backend.lexical.may_hold((pair,)) else known + 1
            if known >= size:
                return True
        return False

    def may_hold(self, phrase: str) -> bool:
        """Whether a phrase may stand in a plan; False is certain, and told without a search."""
        return self.backend.lexical.may_hold(tokens_inside(fold(phrase))[0])

    def _search(
        self, query: str, vector: Vectors | None, filters: Filters, limit: int, expansions: Sequence[str]
    ) -> SearchResult:
        wide = max(CANDIDATES, limit)
        tokens, more_tokens = self._segmenter.tokens(query), self._segmenter.tokens(" ".join(expansions))
        lexical = self.backend.lexical.search(tokens, filters, wide, more_tokens)
        dense: dict[int, float] = {}
        lift = None
        if vector is not None and self.backend.dense is not None:
            dense = self.backend.nearest(vector, filters, wide)
            # Among very many clauses the best by words need not be among the nearest; it is weighed on both sides too.
            others = [row for row in islice(lexical, WEIGHED) if row not in dense]
            dense |= self.backend.likeness(vector, others) if others else {}
            likeness = max(dense.values(), default=0.0) - float(vector @ self.backend.centroid)
            lift = self.backend.dense.scale.scaled(likeness)
        ranked = fuse(lexical, dense)[:limit]
        # An index may still hold a plan that is gone; the catalogue does not.
        clauses = self.catalogue.rows([row for row, _ in ranked])
        hits = tuple(
            Hit(clauses[row], score, lexical.get(row, 0.0), dense.get(row, 0.0))
            for row, score in ranked if row in clauses
        )  # fmt: skip
        return SearchResult(hits, lift)

    def _query_vector(self, query: str) -> Vectors:
        dense = self.backend.dense
        if dense is None:
            raise ModelUnavailableError(self.backend.failure)
        vector = self._encoder.encode_query(query)
        if vector.shape != (dense.dimension,) or self._encoder.prompts != dense.prompts:
            raise ModelUnavailableError(f"{self._encoder.name}: not the model that made this index")
        return vector

    @cached_property
    def _segmenter(self) -> Segmenter:
        return Segmenter(self.backend.dictionary())
