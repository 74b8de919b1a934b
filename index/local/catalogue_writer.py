"""Writes the catalogue of a snapshot that nobody reads yet: plans come and go, one at a time.

The clauses are only ever appended, so the snapshot before may share their file. What many plans have in common (names,
pairs of characters) is counted by plans, and written when the writer closes.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from corpus.model import Clause, Plan
from index.catalogue import PlanHeader
from index.local.sqlite_catalogue import CLAUSES, TABLES
from index.plan_facts import Facts, naming

_SCHEMA = """
CREATE TABLE plan (
    id TEXT PRIMARY KEY, ord INTEGER, district TEXT, source TEXT, mark TEXT, bare INTEGER,
    first_row INTEGER UNIQUE, clauses INTEGER, start INTEGER, offsets BLOB, header BLOB
);
CREATE INDEX plan_district ON plan (district, ord);
CREATE TABLE clause (id TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID;
CREATE TABLE naming (key TEXT, plan TEXT, numbers BLOB, PRIMARY KEY (key, plan)) WITHOUT ROWID;
CREATE INDEX naming_plan ON naming (plan);
CREATE TABLE form (number INTEGER PRIMARY KEY, name TEXT, key TEXT, plans INTEGER, UNIQUE (name, key));
CREATE TABLE collective (number INTEGER PRIMARY KEY, name TEXT, unit BLOB, plans INTEGER, UNIQUE (name));
CREATE TABLE indicator (number INTEGER PRIMARY KEY, name TEXT UNIQUE, plans INTEGER);
CREATE TABLE pair (pair TEXT PRIMARY KEY, plans INTEGER) WITHOUT ROWID;
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
"""
_FAST = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;"
"""A snapshot that is not finished is thrown away, so what is being written needs no journal."""


class CataloguedPlan(NamedTuple):
    """A plan that the catalogue holds."""

    id: str
    district: str
    source: str
    """What it was read from."""
    mark: str
    """What tells one state of that source from another."""
    bare: bool
    """Whether its clauses' ids name the district alone."""
    first_row: int
    clauses: int


class CatalogueWriter:
    """Changes the catalogue in ``folder``, made when it is not there. Use as a context: closing writes the counts."""

    def __init__(self, folder: Path) -> None:
        new = not (folder / TABLES).exists()
        self._tables = sqlite3.connect(folder / TABLES)
        self._tables.executescript(_FAST + (_SCHEMA if new else ""))
        self._facts = Facts()
        # Rows are never used again: indexes beside this one may still hold those of plans that are gone.
        counters = dict(self._tables.execute("SELECT name, value FROM counter"))
        self._next_row: int = counters.get("row", 0)
        self._file = (folder / CLAUSES).open("ab")
        # What a writer that was killed left behind the last clause.
        self._file.truncate(counters.get("end", 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.flush()
            counters = (("row", self._next_row), ("end", self._file.tell()))
            self._tables.executemany("INSERT OR REPLACE INTO counter VALUES (?, ?)", counters)
            self._tables.commit()
        self._tables.close()
        self._file.close()

    def known(self) -> dict[str, CataloguedPlan]:
        """Return the plans there are, by the source they were read from, in order."""
        rows = self._tables.execute(
            "SELECT id, district, source, mark, bare, first_row, clauses FROM plan ORDER BY ord"
        )
        return {row[2]: CataloguedPlan(*row)._replace(bare=bool(row[4])) for row in rows}

    def plan(self, plan_id: str) -> Plan:
        """Return a plan as it was added."""
        header, start, offsets = self._tables.execute(
            "SELECT header, start, offsets FROM plan WHERE id = ?", (plan_id,)
        ).fetchone()
        self._file.flush()
        places = memoryview(offsets).cast("i")
        with Path(self._file.name).open("rb") as file:
            data = os.pread(file.fileno(), places[-1], start)
        found = msgspec.msgpack.decode(header, type=PlanHeader)
        clauses = tuple(msgspec.msgpack.decode(data[begin:end], type=Clause) for begin, end in pairwise(places))
        return Plan(found.meta, found.sha256, clauses, found.indicators, found.units, found.dropped, found.problems)

    def add(self, plan: Plan, source: str, mark: str, *, bare: bool) -> int:
        """Add a plan behind all others; returns the row of its first clause."""
        first, start = self._next_row, self._file.tell()
        offsets = array("i", [0])
        for clause in plan.clauses:
            offsets.append(offsets[-1] + self._file.write(msgspec.msgpack.encode(clause)))
        ids = tuple(clause.id for clause in plan.clauses)
        header = PlanHeader(plan.meta, plan.sha256, ids, plan.units, plan.indicators, plan.dropped, plan.problems)
        values = (
            plan.meta.id, first, plan.meta.district, source, mark, bare, first, len(plan.clauses), start,
            offsets.tobytes(), msgspec.msgpack.encode(header),
        )  # fmt: skip
        self._tables.execute("INSERT INTO plan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        self._tables.executemany(
            "INSERT INTO clause VALUES (?, ?)", ((clause.id, first + at) for at, clause in enumerate(plan.clauses))
        )
        self._tables.executemany(
            "INSERT INTO naming VALUES (?, ?, ?)",
            ((key, plan.meta.id, array("i", numbers).tobytes()) for key, numbers in naming(plan).items()),
        )
        self._facts.count(plan, 1)
        self._next_row += len(plan.clauses)
        return first

    def remove(self, plan_id: str) -> None:
        """Take a plan out; its clauses' bytes stay behind until the whole snapshot is built anew."""
        plan = self.plan(plan_id)
        self._tables.executemany("DELETE FROM clause WHERE id = ?", ((clause.id,) for clause in plan.clauses))
        self._tables.execute("DELETE FROM naming WHERE plan = ?", (plan_id,))
        self._tables.execute("DELETE FROM plan WHERE id = ?", (plan_id,))
        self._facts.count(plan, -1)

    def put_in_order(self, plan_ids: Iterable[str]) -> None:
        """Give the plans this order."""
        self._tables.executemany("UPDATE plan SET ord = ? WHERE id = ?", enumerate(plan_ids))

    def words(self) -> list[str]:
        """Return the corpus's own words: names of units and of indicators."""
        found = self._tables.execute("SELECT name FROM form UNION SELECT name FROM indicator")
        return sorted(name for (name,) in found if len(name) > 1)

    def flush(self) -> None:
        """Write what was counted."""
        for table, columns in (("form", "name, key"), ("indicator", "name"), ("pair", "pair")):
            self._upsert(table, columns, {key: key for key in self._facts.counts[table]})
        units = {
            key: (*key, msgspec.msgpack.encode(self._facts.units[key[0]])) for key in self._facts.counts["collective"]
        }
        self._upsert("collective", "name, unit", units)
        for counts in self._facts.counts.values():
            counts.clear()

    def _upsert(self, table: str, columns: str, values: Mapping[tuple[str, ...], tuple[object, ...]]) -> None:
        marks = ", ".join("?" * (columns.count(",") + 2))
        unique = "name" if table == "collective" else columns
        self._tables.executemany(
            f"INSERT INTO {table} ({columns}, plans) VALUES ({marks})"  # noqa: S608 (names of this file's own)
            f" ON CONFLICT ({unique}) DO UPDATE SET plans = plans + excluded.plans",
            ((*value, self._facts.counts[table][key]) for key, value in values.items()),
        )
        self._tables.execute(f"DELETE FROM {table} WHERE plans <= 0")  # noqa: S608 (the same)
