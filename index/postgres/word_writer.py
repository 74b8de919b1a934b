"""Writes the words of plans: a posting for each token of each clause, and how many clauses hold each token."""

from __future__ import annotations

from collections import Counter

import numpy as np
import psycopg

from corpus.model import Place, Plan
from index.documents import lexical_text
from index.filters import code_of
from index.postgres.bm25 import length_code
from index.postgres.copying import copy_columns, copy_rows
from index.postgres.plan_writer import StoredPlan
from index.tokens import Segmenter

_KINDS_OF_PLAN = """
SELECT term, code, count(*) FROM posting WHERE term = ANY(%s) AND row >= %s AND row < %s GROUP BY term, code
"""
_ADD_COUNTS = """
INSERT INTO frequency (term, kind, clauses) SELECT term, kind, clauses FROM counted
ON CONFLICT (term, kind) DO UPDATE SET clauses = frequency.clauses + excluded.clauses
"""
_MOST_TIMES = 2**15 - 1


class WordWriter:
    """Adds and takes away postings; ``kinds`` and ``tokens`` are the counts over all plans."""

    def __init__(self, connection: psycopg.Connection, next_term: int, kinds: dict[int, int], tokens: int) -> None:
        self._connection = connection
        self._ids: dict[str, int] = {}
        self._new: list[tuple[int, str]] = []
        self._counts: Counter[tuple[int, int]] = Counter()
        self.next_term = next_term
        self.kinds = Counter(kinds)
        self.tokens = tokens

    def add(self, known: StoredPlan, plan: Plan, cut: Segmenter) -> None:
        """Add the words of a plan."""
        counted = [Counter(cut.tokens(lexical_text(clause))) for clause in plan.clauses]
        self._learn({token for counts in counted for token in counts})
        ids = self._ids
        terms = [ids[token] for counts in counted for token in counts]
        sizes = [len(counts) for counts in counted]
        totals = [counts.total() for counts in counted]
        codes = [code_of(clause) for clause in plan.clauses]
        copy_columns(
            self._connection, "posting (term, row, times, length, code)",
            (
                np.array(terms, np.int32),
                np.repeat(np.arange(known.first_row, known.first_row + known.clauses, dtype=np.int32), sizes),
                np.array([min(times, _MOST_TIMES) for counts in counted for times in counts.values()], np.int16),
                np.repeat(np.array([length_code(total) for total in totals], np.int16), sizes),
                np.repeat(np.array(codes, np.int16), sizes),
            ),
        )  # fmt: skip
        kinds = [code // len(Place) for code in codes]
        self._counts.update(
            zip(terms, (kind for kind, size in zip(kinds, sizes, strict=True) for _ in range(size)), strict=True)
        )
        self.kinds.update(kinds)
        self.tokens += sum(totals)
        self._connection.execute(
            "UPDATE plan SET tokens = %s, terms = %s WHERE number = %s",
            (sum(totals), sorted(set(terms)), known.number),
        )

    def take_away(self, known: StoredPlan, plan: Plan) -> None:
        """Take the words of a plan out of the counts; the postings stay for readers of the state before."""
        found = self._connection.execute("SELECT terms, tokens FROM plan WHERE number = %s", (known.number,)).fetchall()
        terms, tokens = found[0]
        span = (known.first_row, known.first_row + known.clauses)
        for term, code, clauses in self._connection.execute(_KINDS_OF_PLAN, (terms, *span)):
            self._counts[term, code // len(Place)] -= clauses
        self.kinds.subtract(code_of(clause) // len(Place) for clause in plan.clauses)
        self.tokens -= tokens

    def _learn(self, tokens: set[str]) -> None:
        """Make sure that every token has a number."""
        missing = sorted(tokens - self._ids.keys())
        if not missing:
            return
        there = self._connection.execute("SELECT token, id FROM term WHERE token = ANY(%s)", (missing,)).fetchall()
        self._ids.update(there)
        for token in missing:
            if token not in self._ids:
                self._ids[token] = self.next_term
                self._new.append((self.next_term, token))
                self.next_term += 1

    def flush(self) -> None:
        """Write what was counted."""
        copy_rows(self._connection, "term (id, token)", self._new)
        self._connection.execute("CREATE TEMP TABLE counted (term int, kind smallint, clauses int) ON COMMIT DROP")
        keys = np.array([*self._counts], np.int32).reshape(-1, 2)
        copy_columns(
            self._connection, "counted (term, kind, clauses)",
            (keys[:, 0], keys[:, 1].astype(np.int16), np.array([*self._counts.values()], np.int32)),
        )  # fmt: skip
        self._connection.execute(_ADD_COUNTS)
        self._new.clear()
        self._counts.clear()
