"""Writes plans into a build's tables and takes them out, within the transaction of one change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
import psycopg

from corpus.model import Clause, Plan
from index.catalogue import PlanHeader
from index.plan_facts import Facts, naming
from index.postgres.copying import copy_rows

_KNOWN = """
SELECT number, id, district, source, mark, added, bare, first_row, clauses FROM plan WHERE died IS NULL
ORDER BY added, source
"""
_INSERT = """
INSERT INTO plan (number, id, district, source, mark, added, bare, first_row, clauses, tokens, terms, header, born)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, '{}', %s, %s)
"""
_COUNT = {
    "form": """INSERT INTO form (name, key, plans)
        SELECT a, b, n FROM unnest(%s::text[], %s::text[], %s::int[]) WITH ORDINALITY AS new (a, b, n, o) ORDER BY o
        ON CONFLICT (name, key) DO UPDATE SET plans = form.plans + excluded.plans""",
    "indicator": """INSERT INTO indicator (name, plans)
        SELECT a, n FROM unnest(%s::text[], %s::int[]) WITH ORDINALITY AS new (a, n, o) ORDER BY o
        ON CONFLICT (name) DO UPDATE SET plans = indicator.plans + excluded.plans""",
    "pair": """INSERT INTO pair (pair, plans)
        SELECT a, n FROM unnest(%s::text[], %s::int[]) AS new (a, n)
        ON CONFLICT (pair) DO UPDATE SET plans = pair.plans + excluded.plans""",
}
_COLLECTIVE = """
INSERT INTO collective (name, unit, plans) VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET plans = collective.plans + excluded.plans
"""
_SWEPT = """
DELETE FROM plan WHERE died_at < now() - make_interval(secs => %s) RETURNING number, first_row, clauses, terms
"""


class StoredPlan(NamedTuple):
    """A plan that the index holds."""

    number: int
    id: str
    district: str
    source: str
    """What it was read from."""
    mark: str
    """What tells one state of that source from another."""
    added: str
    """When, in UTC, ISO 8601; empty for a shipped plan."""
    bare: bool
    """Whether its clauses' ids name the district alone."""
    first_row: int
    clauses: int


def known_plans(connection: psycopg.Connection) -> list[StoredPlan]:
    """Return the plans of the build in the search path, in order."""
    return [StoredPlan(*row) for row in connection.execute(_KNOWN)]


def read_plan(connection: psycopg.Connection, known: StoredPlan) -> Plan:
    """Return a plan as it was added."""
    data = connection.execute("SELECT header FROM plan WHERE number = %s", (known.number,), binary=True).fetchall()
    header = msgspec.msgpack.decode(data[0][0], type=PlanHeader)
    span = (known.first_row, known.first_row + known.clauses)
    rows = connection.execute(
        "SELECT data FROM clause WHERE row >= %s AND row < %s ORDER BY row", span, binary=True
    ).fetchall()
    clauses = tuple(msgspec.msgpack.decode(data, type=Clause) for (data,) in rows)
    return Plan(header.meta, header.sha256, clauses, header.indicators, header.units, header.dropped, header.problems)


class PlanWriter:
    """Adds and retires plans; ``flush`` writes what is counted over all plans."""

    def __init__(self, connection: psycopg.Connection, generation: int, next_plan: int, next_row: int) -> None:
        self._connection = connection
        self._generation = generation
        self.next_plan = next_plan
        self.next_row = next_row
        self._facts = Facts()

    def add(self, plan: Plan, source: str, mark: str, added: str, *, bare: bool) -> StoredPlan:
        """Add a plan, without its words and vectors."""
        meta = plan.meta
        known = StoredPlan(
            self.next_plan, meta.id, meta.district, source, mark, added, bare, self.next_row, len(plan.clauses)
        )
        ids = tuple(clause.id for clause in plan.clauses)
        header = PlanHeader(meta, plan.sha256, ids, plan.units, plan.indicators, plan.dropped, plan.problems)
        self._connection.execute(_INSERT, (*known, msgspec.msgpack.encode(header), self._generation))
        first = self.next_row
        copy_rows(
            self._connection, "clause (row, id, data)",
            [(first + at, clause.id, msgspec.msgpack.encode(clause)) for at, clause in enumerate(plan.clauses)],
        )  # fmt: skip
        copy_rows(
            self._connection, "naming (key, plan, rows)",
            [(key, known.number, [first + at for at in numbers]) for key, numbers in naming(plan).items()],
        )  # fmt: skip
        self._facts.count(plan, 1)
        self.next_plan += 1
        self.next_row += len(plan.clauses)
        return known

    def retire(self, known: StoredPlan) -> None:
        """Take a plan out of the next state; its rows stay for readers of this one."""
        self._facts.count(read_plan(self._connection, known), -1)
        self._connection.execute(
            "UPDATE plan SET died = %s, died_at = now() WHERE number = %s", (self._generation, known.number)
        )

    def sweep(self, seconds: float) -> int:
        """Delete the rows of plans that are gone for so long; returns how many vectors went with them."""
        pieces = 0
        has_pieces = self._connection.execute("SELECT to_regclass('piece')").fetchall() != [(None,)]
        for number, first, clauses, terms in self._connection.execute(_SWEPT, (seconds,)).fetchall():
            span = (first, first + clauses)
            self._connection.execute("DELETE FROM naming WHERE plan = %s", (number,))
            self._connection.execute("DELETE FROM clause WHERE row >= %s AND row < %s", span)
            self._connection.execute(
                "DELETE FROM posting WHERE term = ANY(%s) AND row >= %s AND row < %s", (terms, *span)
            )
            if has_pieces:
                pieces += self._connection.execute("DELETE FROM piece WHERE row >= %s AND row < %s", span).rowcount
        return pieces

    def flush(self) -> None:
        """Write what was counted."""
        for table, statement in _COUNT.items():
            self._write_counts(statement, self._facts.counts[table])
        with self._connection.cursor() as cursor:
            counts = self._facts.counts["collective"].items()
            cursor.executemany(
                _COLLECTIVE,
                [(name, msgspec.msgpack.encode(self._facts.units[name]), plans) for (name,), plans in counts],
            )
        for table, counted in self._facts.counts.items():
            self._connection.execute(f"DELETE FROM {table} WHERE plans <= 0")  # noqa: S608 (names of this file's own)
            counted.clear()

    def _write_counts(self, statement: str, counts: Mapping[tuple[str, ...], int]) -> None:
        if counts:
            columns: Iterable[Iterable[object]] = zip(*((*key, plans) for key, plans in counts.items()), strict=True)
            self._connection.execute(statement, [list(column) for column in columns])
