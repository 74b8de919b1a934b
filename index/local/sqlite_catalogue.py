"""The catalogue of an embedded snapshot: an SQLite file of look-ups, and beside it the clauses, one after the other.

Both are opened for reading and never changed. A row of the index is a clause's number over all plans ever added to the
snapshot; the rows of one plan follow each other.
"""

from __future__ import annotations

import mmap
import os
import sqlite3
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from corpus.model import Clause, Unit
from index.catalogue import PlanHeader, Tally
from index.errors import SnapshotError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TABLES, CLAUSES = "catalogue.sqlite", "clauses.bin"
KEPT_CLAUSES = 2048
"""Single clauses kept decoded, beside the opened plans."""
KEPT_LISTS = 64
"""Lists of the plans of some districts that are kept."""
KEPT_OFFSETS = 256
"""Plans of which it is kept where their clauses begin."""
_FEW_PAIRS = 10_000
"""Pairs of characters that are kept in memory, 1 MB; of more, those of a message are looked up."""
_MOST_PAIRS = 500
"""Values in one statement."""


class Span(NamedTuple):
    """Where a plan's clauses stand: rows in the index, bytes in the file."""

    first: int
    size: int
    start: int
    plan: str
    district: str


class SqliteCatalogue:
    """The catalogue in a snapshot's folder; SnapshotError when it can't be read."""

    def __init__(self, folder: Path) -> None:
        self._lock = Lock()
        try:
            uri = f"{(folder / TABLES).absolute().as_uri()}?mode=ro&immutable=1"
            self._tables = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._bytes = _mapped(folder / CLAUSES)
        except (sqlite3.Error, OSError) as error:
            raise SnapshotError(f"{folder}: {error}") from error
        self._decode = msgspec.msgpack.Decoder(Clause)
        self._in_row = lru_cache(KEPT_CLAUSES)(self._read_row)
        self._plan_ids = lru_cache(KEPT_LISTS)(self._read_plan_ids)
        self._offsets = lru_cache(KEPT_OFFSETS)(self._read_offsets)

    def __del__(self) -> None:
        if hasattr(self, "_tables"):
            self._tables.close()

    def _rows(self, statement: str, *values: object) -> list[Any]:
        try:
            with self._lock:
                return self._tables.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise SnapshotError(f"{TABLES}: {error}") from error

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """Districts with a plan, in the order of the plans."""
        found = self._rows("SELECT district FROM plan GROUP BY district ORDER BY MIN(ord)")
        return tuple(name for (name,) in found)

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many plans and how many clauses there are."""
        plans, clauses = self._rows("SELECT COUNT(*), TOTAL(clauses) FROM plan")[0]
        return plans, int(clauses)

    def plan_ids(self, districts: Collection[str] = ()) -> tuple[str, ...]:
        """Return the ids of the districts' plans in order; of all plans for none."""
        return self._plan_ids(tuple(districts))

    def _read_plan_ids(self, districts: tuple[str, ...]) -> tuple[str, ...]:
        where = f"WHERE district IN ({_marks(districts)})" if districts else ""
        found = self._rows(f"SELECT id FROM plan {where} ORDER BY ord", *districts)  # noqa: S608 (only question marks)
        return tuple(name for (name,) in found)

    def header(self, plan_id: str) -> PlanHeader:
        """Return a plan without its clauses; KeyError when there is none with this id."""
        for (header,) in self._rows("SELECT header FROM plan WHERE id = ?", plan_id):
            return msgspec.msgpack.decode(header, type=PlanHeader)
        raise KeyError(plan_id)

    def clauses(self, plan_id: str, numbers: Sequence[int] | None = None) -> tuple[Clause, ...]:
        """Return those of a plan's clauses with these numbers (from 0, in reading order); all of them for None."""
        span = self._span(plan_id)
        return tuple(self._clause(span.first + number) for number in (range(span.size) if numbers is None else numbers))

    def naming(self, plan_id: str, key: str) -> tuple[Clause, ...]:
        """Return the plan's clauses that name a unit, in reading order."""
        found = self._rows("SELECT numbers FROM naming WHERE key = ? AND plan = ?", key, plan_id)
        return tuple(clause for (blob,) in found for clause in self.clauses(plan_id, memoryview(blob).cast("i")))

    def find(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """Return the clauses with these ids, without those that there are not."""
        if not clause_ids:
            return {}
        statement = f"SELECT id, row FROM clause WHERE id IN ({_marks(clause_ids)})"  # noqa: S608 (the same)
        return {one: self._clause(row) for one, row in self._rows(statement, *clause_ids)}

    def rows(self, rows: Sequence[int]) -> dict[int, Clause]:
        """Return the clauses in these rows of the index, without those that there are not."""
        found = ((row, self._in_row(row)) for row in rows)
        return {row: clause for row, clause in found if clause}

    def tallies(self, key: str) -> tuple[Tally, ...]:
        """Return every plan whose directory has a unit, in order."""
        found = self._rows(
            "SELECT plan.id, plan.district, LENGTH(numbers) / 4 FROM naming JOIN plan ON plan.id = naming.plan"
            " WHERE key = ? ORDER BY ord",
            key,
        )
        return tuple(Tally(*row) for row in found)

    def forms(self) -> Iterable[tuple[str, str]]:
        """Return every name with the key of the unit that it may mean, in the order of the plans."""
        return self._rows("SELECT name, key FROM form ORDER BY number")

    def collectives(self) -> tuple[Unit, ...]:
        """Return the collectives of the plans, one for each name with the same members."""
        found = self._rows("SELECT unit FROM collective ORDER BY number")
        return tuple(msgspec.msgpack.decode(unit, type=Unit) for (unit,) in found)

    def indicator_names(self) -> tuple[str, ...]:
        """Return the names of all indicators, each once."""
        return tuple(name for (name,) in self._rows("SELECT name FROM indicator ORDER BY number"))

    def known_pairs(self, pairs: Collection[str]) -> frozenset[str]:
        """Return those of these pairs of characters that stand in some plan."""
        if self._few_pairs is not None:
            return self._few_pairs.intersection(pairs)
        wanted = tuple(pairs)
        found: set[str] = set()
        for at in range(0, len(wanted), _MOST_PAIRS):
            some = wanted[at : at + _MOST_PAIRS]
            rows = self._rows(f"SELECT pair FROM pair WHERE pair IN ({_marks(some)})", *some)  # noqa: S608 (the same)
            found.update(pair for (pair,) in rows)
        return frozenset(found)

    @cached_property
    def _few_pairs(self) -> frozenset[str] | None:
        """Every pair of characters that stands in some plan, if they are few enough to be kept."""
        found = self._rows("SELECT pair FROM pair LIMIT ?", _FEW_PAIRS + 1)
        return frozenset(pair for (pair,) in found) if len(found) <= _FEW_PAIRS else None

    def sample(self, most: int) -> tuple[Clause, ...]:
        """Return up to about ``most`` clauses, whole plans spread over all of them."""
        step = max(1, -(-self.counts[1] // most))
        return tuple(clause for plan in self.plan_ids()[::step] for clause in self.clauses(plan))

    def allowed(self, districts: Collection[str], unit_keys: Collection[str]) -> NDArray[np.int64] | None:
        """Return the rows of the districts whose clauses name one of the units, sorted; None when nothing restricts."""
        import numpy as np

        if not districts and not unit_keys:
            return None
        spans = [span for span in self._spans if not districts or span.district in districts]
        if not unit_keys:
            return np.concatenate(
                [np.arange(span.first, span.first + span.size) for span in spans] or [np.zeros(0, int)]
            )
        firsts = {span.plan: span.first for span in spans}
        marks = _marks(unit_keys)
        found = self._rows(f"SELECT plan, numbers FROM naming WHERE key IN ({marks})", *unit_keys)  # noqa: S608 (the same)
        rows = {
            firsts[plan] + number for plan, blob in found if plan in firsts for number in memoryview(blob).cast("i")
        }
        return np.array(sorted(rows), dtype=np.int64)

    @cached_property
    def _spans(self) -> list[Span]:
        """The plans by their first row."""
        found = self._rows("SELECT first_row, clauses, start, id, district FROM plan ORDER BY first_row")
        return [Span(*row) for row in found]

    @cached_property
    def _firsts(self) -> list[int]:
        return [span.first for span in self._spans]

    def _span_of(self, row: int) -> Span | None:
        at = bisect_right(self._firsts, row) - 1
        span = self._spans[at] if at >= 0 else None
        return span if span and row < span.first + span.size else None

    @cached_property
    def _span_by_plan(self) -> dict[str, Span]:
        return {span.plan: span for span in self._spans}

    def _span(self, plan_id: str) -> Span:
        return self._span_by_plan[plan_id]

    def _read_offsets(self, plan_id: str) -> Sequence[int]:
        """Return where each of a plan's clauses begins and the last ends, from where the first does."""
        found = self._rows("SELECT offsets FROM plan WHERE id = ?", plan_id)
        return memoryview(found[0][0]).cast("i")

    def _clause(self, row: int) -> Clause:
        clause = self._in_row(row)
        if clause is None:
            raise KeyError(row)
        return clause

    def _read_row(self, row: int) -> Clause | None:
        span = self._span_of(row)
        if span is None:
            return None
        offsets = self._offsets(span.plan)
        number = row - span.first
        begin, end = span.start + offsets[number], span.start + offsets[number + 1]
        try:
            return self._decode.decode(self._bytes[begin:end])
        except (UnicodeDecodeError, msgspec.DecodeError) as error:
            raise SnapshotError(f"{CLAUSES}: {error}") from error


def _mapped(path: Path) -> memoryview:
    """Return a file's bytes, read as they are looked at; other processes share them in memory."""
    with path.open("rb") as file:
        # An empty file can't be mapped.
        size = os.fstat(file.fileno()).st_size
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b"")


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
