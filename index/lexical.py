"""The lexical side: BM25 over tokens, in tantivy on disk, filtered inside the query."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from index.errors import SnapshotError, StorageError
from index.filters import Filters

TOKENS = "tokens"
ROW = "row"
FILTER_FIELDS = ("district", "unit", "kind", "place")
EXPANSION_BOOST = 0.5
"""Weight of a term that the question does not hold but stands for (a synonym), beside 1 for its own."""
WRITER_BYTES = 50_000_000


class LexicalIndex:
    """A built index, opened for searching. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        try:
            index = tantivy.Index.open(str(folder))
        except ValueError as error:
            raise SnapshotError(f"{folder}: {error}") from error
        _register(index)
        self._schema = index.schema
        self._searcher = index.searcher()

    def search(
        self, tokens: Sequence[str], filters: Filters, limit: int, expansions: Sequence[str] = ()
    ) -> dict[int, float]:
        """Return BM25 scores by row for the ``limit`` best rows that hold any of the tokens."""
        terms = [self._term(token) for token in dict.fromkeys(tokens)]
        terms += [tantivy.Query.boost_query(self._term(token), EXPANSION_BOOST) for token in dict.fromkeys(expansions)]
        if not terms:
            return {}
        should = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        hits = self._searcher.search(self._filtered(should, filters), limit=limit, count=False).hits
        rows = self._searcher.fast_field_values(ROW, [address for _, address in hits])
        return {int(row or 0): float(score) for row, (score, _) in zip(rows, hits, strict=True)}

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return each word's weight (idf); one that stands nowhere weighs most."""
        documents = self._searcher.num_docs
        found = {}
        for word in dict.fromkeys(words):
            frequency = self._searcher.doc_freq(TOKENS, word)
            found[word] = math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
        return found

    def coverage(self, words: Iterable[str]) -> float:
        """Return how much of the words' weight (idf) stands in the index: 0 for none, 1 for all of it."""
        weights = self.weights(words)
        found = sum(weight for word, weight in weights.items() if self._searcher.doc_freq(TOKENS, word))
        return found / sum(weights.values()) if weights else 0.0

    def _term(self, token: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, TOKENS, token, "freq")

    def _filtered(self, query: tantivy.Query, filters: Filters) -> tantivy.Query:
        clauses = [(tantivy.Occur.Must, query)]
        for field, values in filters.fields().items():
            allowed = tantivy.Query.term_set_query(self._schema, field, values)
            clauses.append((tantivy.Occur.Must, tantivy.Query.const_score_query(allowed, 0.0)))
        return tantivy.Query.boolean_query(clauses)


def build_lexical(folder: Path, documents: Iterable[tuple[Sequence[str], dict[str, tuple[str, ...]]]]) -> None:
    """Write an index of ``documents`` (tokens and filter values, in row order) into the new ``folder``."""
    folder.mkdir()
    schema = tantivy.SchemaBuilder()
    schema.add_text_field(TOKENS, tokenizer_name="spaces", index_option="freq")
    for name in FILTER_FIELDS:
        schema.add_text_field(name, tokenizer_name="raw", index_option="basic")
    schema.add_unsigned_field(ROW, fast=True)
    index = tantivy.Index(schema.build(), path=str(folder))
    _register(index)
    try:
        # One thread makes one segment: the order of rows, and so of equal scores, is that of the plan.
        with index.writer(WRITER_BYTES, num_threads=1) as writer:
            for row, (tokens, values) in enumerate(documents):
                document = tantivy.Document()
                document.add_text(TOKENS, " ".join(tokens))
                document.add_unsigned(ROW, row)
                for name, texts in values.items():
                    for text in texts:
                        document.add_text(name, text)
                writer.add_document(document)
    except (ValueError, OSError) as error:
        raise StorageError(f"{folder}: {error}") from error


def _register(index: tantivy.Index) -> None:
    """Tell tantivy that text comes as tokens with spaces between: cutting it is ``tokens.py``'s work."""
    index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
