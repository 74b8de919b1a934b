"""The word side in PostgreSQL: a row for each token of each clause, BM25 added up inside the query.

Scores are summed as whole numbers, so that clauses with the same words have the same score in whatever order the
server adds. What a query is filtered by is a condition on the same index: a clause's row, kind and place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from corpus.model import ClauseKind
from index.backend import MOST_HOLDING
from index.filters import KINDS, Filters, codes_wanted
from index.postgres.bm25 import K1, idf, length_parts
from index.postgres.database import Database
from index.postgres.recent import RecentValues
from index.postgres.state import Note
from index.postgres.view import PostgresView, Ranges

EXPANSION_BOOST = 0.5
"""As in the embedded index."""
FEW_RANGES = 64
"""Runs of rows that a search looks into one by one; among more it looks at each row it comes by."""
_KEPT_TERMS = 8192
_ONE = 1 << 24
"""What stands for a score of 1."""
_TERMS = """
SELECT token, id, array_agg(kind), array_agg(clauses) FROM term JOIN frequency ON term = id
WHERE token = ANY(%(tokens)s) AND clauses > 0 GROUP BY token, id
"""
_BEGINS = 'SELECT 1 FROM term WHERE token >= %(low)s COLLATE "C" AND token < %(high)s COLLATE "C" LIMIT 1'
_SCORED = """
SELECT row, sum((weight * (times / (times + (%(lengths)s::real[])[length + 1])) * 16777216)::int) AS score
FROM unnest(%(terms)s::int[], %(weights)s::real[]) AS asked (asked_term, weight)
"""
_IN_ALL = "JOIN posting ON term = asked_term AND row <@ %(ranges)s::int4multirange"
_IN_FEW = """
CROSS JOIN unnest(%(starts)s::int[], %(ends)s::int[]) AS span (first, behind)
JOIN posting ON term = asked_term AND row >= first AND row < behind
"""
_OF_UNITS = "AND row IN (SELECT unnest(rows) FROM naming WHERE key = ANY(%(units)s))"
_OF_CODES = "AND code = ANY(%(codes)s)"
_BEST = "GROUP BY row {having} ORDER BY score DESC, row LIMIT %(limit)s"
_ALL_TERMS = "HAVING count(*) = cardinality(%(terms)s::int[])"


class Term(NamedTuple):
    """A token that stands in the plans, and in how many clauses of each kind (by its number)."""

    id: int
    kinds: dict[int, int]

    @property
    def clauses(self) -> int:
        """In how many clauses it stands."""
        return sum(self.kinds.values())


class PostgresLexical:
    """The words of one state; safe to share between threads."""

    def __init__(self, database: Database, view: PostgresView, note: Note) -> None:
        self._database = database
        self._view = view
        self._clauses = note.clauses
        self._of_kinds = note.kinds
        self._lengths = length_parts(note.clauses, note.tokens)
        self._kept: RecentValues[str, Term] = RecentValues(_KEPT_TERMS)

    def search(
        self, tokens: Sequence[str], filters: Filters, limit: int, expansions: Sequence[str] = ()
    ) -> dict[int, float]:
        """Return BM25 scores by row for the ``limit`` best rows that hold any of the tokens; expansions count half."""
        boosts = [*((token, 1.0) for token in dict.fromkeys(tokens))]
        boosts += [(token, EXPANSION_BOOST) for token in dict.fromkeys(expansions)]
        terms = self._terms([token for token, _ in boosts])
        weighed = [(terms[token], boost) for token, boost in boosts if token in terms]
        ranges = self._view.rows_of(filters.districts)
        found = self._best(weighed, ranges, limit, filters)
        return {row: score / _ONE for row, score in found}

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return each word's weight (idf); one that stands nowhere weighs most."""
        asked = list(dict.fromkeys(words))
        terms = self._terms(asked)
        return {word: idf(self._clauses, terms[word].clauses if word in terms else 0) for word in asked}

    def knows(self, token: str, districts: Sequence[str] = (), *, outside: bool = False) -> bool:
        """Whether a token stands in a clause of the districts (of any for none); ``outside``: of all the others."""
        terms = self._terms([token])
        return bool(terms) and (not districts or bool(self.holding([token], districts, outside=outside)))

    def may_hold(self, tokens: Iterable[str]) -> bool:
        """Whether each of the tokens may stand in a clause; False is certain."""
        asked = list(dict.fromkeys(tokens))
        return len(self._terms(asked)) == len(asked)

    def begins(self, prefix: str) -> bool:
        """Whether some token begins so."""
        return bool(self._database.rows(_BEGINS, low=prefix, high=prefix[:-1] + chr(ord(prefix[-1]) + 1)))

    def holding(self, tokens: Sequence[str], districts: Sequence[str], *, outside: bool = False) -> list[int]:
        """Return some rows of the districts (of any for none) that hold every token, in any order."""
        asked = list(dict.fromkeys(tokens))
        terms = self._terms(asked)
        if len(terms) < len(asked):
            return []
        ranges = self._view.rows_of(districts, outside=outside)
        found = self._best([(terms[one], 1.0) for one in asked], ranges, MOST_HOLDING, every=True)
        return [row for row, _ in found]

    def share(self, token: str, kind: str) -> float:
        """Return the share of a kind's clauses that hold a token."""
        number = KINDS.index(ClauseKind(kind))
        every = self._of_kinds.get(number, 0)
        term = self._terms([token]).get(token)
        return term.kinds.get(number, 0) / every if term and every else 0.0

    def _best(
        self, weighed: Sequence[tuple[Term, float]], ranges: Ranges, limit: int, filters: Filters = Filters(),
        *, every: bool = False,
    ) -> list[tuple[int, int]]:  # fmt: skip
        """Return rows and scores, best first; ``every``: of those that hold all of the terms."""
        if not weighed or not ranges.starts:
            return []
        few = len(ranges.starts) <= FEW_RANGES
        codes = codes_wanted(filters)
        statement = _SCORED + (_IN_FEW if few else _IN_ALL)
        statement += _OF_UNITS if filters.unit_keys else ""
        statement += _OF_CODES if codes is not None else ""
        statement += _BEST.format(having=_ALL_TERMS if every else "")
        return [
            (row, int(score))
            for row, score in self._database.rows(
                statement,
                terms=[term.id for term, _ in weighed],
                weights=[idf(self._clauses, term.clauses) * (1 + K1) * boost for term, boost in weighed],
                lengths=self._lengths, ranges=ranges.text, starts=list(ranges.starts), ends=list(ranges.ends),
                units=list(filters.unit_keys), codes=numbers(codes), limit=limit,
            )
        ]  # fmt: skip

    def _terms(self, tokens: Iterable[str]) -> dict[str, Term]:
        """Return those of the tokens that stand in the plans."""
        asked = list(dict.fromkeys(tokens))
        found = {token: term for token in asked if (term := self._kept.get(token)) is not None}
        missing = [token for token in asked if token not in found]
        if missing:
            for token, number, kinds, clauses in self._database.rows(_TERMS, tokens=missing):
                found[token] = self._kept.put(token, Term(number, dict(zip(kinds, clauses, strict=True))))
            for token in missing:
                if token not in found:
                    self._kept.put(token, _NOWHERE)
        return {token: term for token, term in found.items() if term.kinds}


_NOWHERE = Term(0, {})


def numbers(wanted: Sequence[bool] | None) -> list[int]:
    """Return the codes of kinds and places that are wanted, as numbers."""
    return [code for code, is_wanted in enumerate(wanted or ()) if is_wanted]
