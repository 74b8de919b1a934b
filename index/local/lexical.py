"""The lexical side: BM25 over tokens, in tantivy on disk, filtered inside the query."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import tantivy

from corpus.model import Place
from index.backend import MOST_HOLDING
from index.errors import SnapshotError, StorageError
from index.filters import KEPT_SELECTIONS, Filters, all_but

TOKENS = "tokens"
ROW = "row"
PLAN = "plan"
FILTER_FIELDS = ("district", "unit", "kind", "place")
EXPANSION_BOOST = 0.5
"""Weight of a term that the question does not hold but stands for (a synonym), beside 1 for its own."""
PREFIXES = 4096
"""Beginnings of tokens, mostly single characters, of which it is kept whether there are such tokens."""
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
        self._restrictions = lru_cache(KEPT_SELECTIONS)(self._restrict)
        self._begins = lru_cache(PREFIXES)(self._look_for)
        self._searcher = index.searcher()
        # Frequencies count clauses that are gone until tantivy joins their segment with another.
        self._none_gone = sum(self._searcher.doc_freq("place", place) for place in Place) == self._searcher.num_docs

    def search(
        self, tokens: Sequence[str], filters: Filters, limit: int, expansions: Sequence[str] = ()
    ) -> dict[int, float]:
        """Return BM25 scores by row for the ``limit`` best rows that hold any of the tokens."""
        terms = [self._term(token) for token in self._present(tokens)]
        terms += [tantivy.Query.boost_query(self._term(token), EXPANSION_BOOST) for token in self._present(expansions)]
        if not terms:
            return {}
        should = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, should), *self._restrictions(filters)])
        hits = self._searcher.search(query, limit=limit, count=False).hits
        rows = self._rows([address for _, address in hits])
        return dict(zip(rows, (float(score) for score, _ in hits), strict=True))

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return each word's weight (idf); one that stands nowhere weighs most."""
        documents = self._searcher.num_docs
        found = {}
        for word in dict.fromkeys(words):
            frequency = self._searcher.doc_freq(TOKENS, word)
            found[word] = math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
        return found

    def knows(self, token: str, districts: Sequence[str] = (), *, outside: bool = False) -> bool:
        """Whether a token stands in a clause of the districts (of any for none); ``outside``: of all the others."""
        if not self.may_hold([token]):
            return False
        return (self._none_gone and not districts) or bool(self._holding([token], districts, 1, outside=outside))

    def may_hold(self, tokens: Iterable[str]) -> bool:
        """Whether each of the tokens may stand in a clause; False is certain."""
        return all(self._searcher.doc_freq(TOKENS, token) for token in tokens)

    def begins(self, prefix: str) -> bool:
        """Whether some token begins so."""
        return self._begins(prefix)

    def _look_for(self, prefix: str) -> bool:
        return bool(self._searcher.terms_with_prefix(TOKENS, prefix, limit=1))

    def holding(self, tokens: Sequence[str], districts: Sequence[str], *, outside: bool = False) -> list[int]:
        """Return some rows of the districts (of any for none) that hold every token, in any order."""
        if not self.may_hold(tokens):
            return []
        return self._holding(tokens, districts, MOST_HOLDING, outside=outside)

    def share(self, token: str, kind: str) -> float:
        """Return the share of a kind's clauses that hold a token."""
        of_kind = self._any_of("kind", (kind,))
        every = self._count(of_kind)
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, of_kind), (tantivy.Occur.Must, self._term(token))])
        return self._count(both) / every if every else 0.0

    def _count(self, query: tantivy.Query) -> int:
        return int(self._searcher.search(query, limit=1).count or 0)  # type: ignore[attr-defined]  # its types lack it

    def _holding(self, tokens: Sequence[str], districts: Sequence[str], limit: int, *, outside: bool) -> list[int]:
        parts = [(tantivy.Occur.Must, self._term(token)) for token in dict.fromkeys(tokens)]
        if districts:
            occur = tantivy.Occur.MustNot if outside else tantivy.Occur.Must
            parts.append((occur, self._any_of("district", districts)))
        hits = self._searcher.search(tantivy.Query.boolean_query(parts), limit=limit, count=False).hits
        return self._rows([address for _, address in hits])

    def _rows(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        return [int(row or 0) for row in self._searcher.fast_field_values(ROW, addresses)]

    def _present(self, tokens: Iterable[str]) -> list[str]:
        """Return each of the tokens once, without those that stand nowhere: asking is cheaper than searching."""
        return [token for token in dict.fromkeys(tokens) if self._searcher.doc_freq(TOKENS, token)]

    def _term(self, token: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, TOKENS, token, "freq")

    def _any_of(self, field: str, values: Sequence[str]) -> tantivy.Query:
        # As terms: a set of them is compiled into an automaton, which takes longer than the search.
        terms = [tantivy.Query.term_query(self._schema, field, value, "basic") for value in values]
        some = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        return tantivy.Query.const_score_query(some if len(terms) > 1 else terms[0], 0.0)

    def _restrict(self, filters: Filters) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        parts = []
        for field, values in filters.fields().items():
            # Excluding a few values leaves tantivy free to skip clauses that can't be among the best.
            others = all_but(field, values)
            occur = tantivy.Occur.MustNot if others else tantivy.Occur.Must
            parts.append((occur, self._any_of(field, others or values)))
        return parts


class LexicalWriter:
    """Changes the index in ``folder``, made when it is not there; nothing is kept until it is committed.

    Segments are files that are never changed, so a folder may share them with another one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            if folder.exists():
                index = tantivy.Index.open(str(folder))
            else:
                folder.mkdir()
                index = tantivy.Index(_schema(), path=str(folder))
            _register(index)
            # One thread makes one segment: the order of rows, and so of equal scores, is that of the plan.
            self._writer = index.writer(WRITER_BYTES, num_threads=1)
        except (ValueError, OSError) as error:
            raise StorageError(f"{folder}: {error}") from error

    def add(self, row: int, plan: str, tokens: Sequence[str], values: Mapping[str, Sequence[str]]) -> None:
        """Add a clause: its tokens, and the values it can be filtered by."""
        document = tantivy.Document()
        document.add_text(TOKENS, " ".join(tokens))
        document.add_unsigned(ROW, row)
        document.add_text(PLAN, plan)
        for name, texts in values.items():
            for text in texts:
                document.add_text(name, text)
        try:
            self._writer.add_document(document)
        except (ValueError, OSError) as error:
            raise StorageError(f"{self._folder}: {error}") from error

    def remove(self, plan: str) -> None:
        """Take out the clauses of a plan that were there before."""
        self._writer.delete_documents_by_term(PLAN, plan)

    def commit(self) -> None:
        """Keep what was added and taken out."""
        try:
            self._writer.commit()
            self._writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            raise StorageError(f"{self._folder}: {error}") from error


def _schema() -> tantivy.Schema:
    schema = tantivy.SchemaBuilder()
    schema.add_text_field(TOKENS, tokenizer_name="spaces", index_option="freq")
    for name in (PLAN, *FILTER_FIELDS):
        schema.add_text_field(name, tokenizer_name="raw", index_option="basic")
    schema.add_unsigned_field(ROW, fast=True)
    return schema.build()


def _register(index: tantivy.Index) -> None:
    """Tell tantivy that text comes as tokens with spaces between: cutting it is ``tokens.py``'s work."""
    index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
