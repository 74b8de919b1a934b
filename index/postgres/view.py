"""Which plans one state of the index holds, and in which rows: read once when it is opened, then kept in memory.

Rows of plans that came later or are gone may lie in the same tables. Every search is given the rows that belong to its
state, so a reader goes on with one state until it opens the next.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import msgspec
import psycopg

from corpus.model import Unit
from index.postgres.state import IndexState

_PLANS = """
SELECT number, id, district, first_row, clauses, source, mark FROM plan
WHERE born <= %(generation)s AND (died IS NULL OR died > %(generation)s) ORDER BY added, source
"""
_FORMS = "SELECT name, key FROM form ORDER BY number"
_COLLECTIVES = "SELECT unit FROM collective ORDER BY number"
_INDICATORS = "SELECT name FROM indicator ORDER BY number"


class PlanRows(NamedTuple):
    """A plan and its rows, which follow each other."""

    number: int
    id: str
    district: str
    first: int
    size: int
    source: str
    mark: str

    @property
    def end(self) -> int:
        """The row behind its last."""
        return self.first + self.size


class Ranges(NamedTuple):
    """Rows from each of ``starts`` to before the same of ``ends``; apart, and in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many rows."""
        return sum(self.ends) - sum(self.starts)

    @property
    def text(self) -> str:
        """As PostgreSQL writes a multirange."""
        spans = (f"[{start},{end})" for start, end in zip(self.starts, self.ends, strict=True))
        return f"{{{','.join(spans)}}}"


@dataclass(frozen=True)
class PostgresView:
    """The plans of one state, in order, and the names that they have in common."""

    places: tuple[PlanRows, ...]
    forms: tuple[tuple[str, str], ...]
    collectives: tuple[Unit, ...]
    indicators: tuple[str, ...]

    @cached_property
    def by_id(self) -> dict[str, PlanRows]:
        """The plans by their id."""
        return {place.id: place for place in self.places}

    @cached_property
    def position(self) -> dict[int, int]:
        """Where each plan stands in the order, by its number."""
        return {place.number: at for at, place in enumerate(self.places)}

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The corpus's own words: names of units and of indicators."""
        names = {*(name for name, _ in self.forms), *self.indicators}
        return tuple(sorted(name for name in names if len(name) > 1))

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """Districts with a plan, in the order of the plans."""
        return tuple(dict.fromkeys(place.district for place in self.places))

    @cached_property
    def all_rows(self) -> Ranges:
        """The rows of all plans."""
        return _joined(self.places)

    @cached_property
    def _by_row(self) -> tuple[PlanRows, ...]:
        return tuple(sorted(self.places, key=lambda place: place.first))

    @cached_property
    def _firsts(self) -> list[int]:
        return [place.first for place in self._by_row]

    def holds(self, row: int) -> bool:
        """Whether a row belongs to one of the plans."""
        at = bisect_right(self._firsts, row) - 1
        return at >= 0 and row < self._by_row[at].end

    def rows_of(self, districts: Collection[str], *, outside: bool = False) -> Ranges:
        """Return the rows of the districts' plans (of all for none); ``outside``: of all the others'."""
        if not districts:
            return self.all_rows
        return _joined(place for place in self.places if (place.district in districts) is not outside)


def _joined(places: Iterable[PlanRows]) -> Ranges:
    starts: list[int] = []
    ends: list[int] = []
    for place in sorted(places, key=lambda one: one.first):
        if ends and ends[-1] == place.first:
            ends[-1] = place.end
        elif place.size:
            starts.append(place.first)
            ends.append(place.end)
    return Ranges(tuple(starts), tuple(ends))


def read_view(connection: psycopg.Connection, state: IndexState) -> PostgresView:
    """Return the view of a state; its schema is in the connection's search path."""
    plans = connection.execute(_PLANS, {"generation": state.generation}).fetchall()
    units = connection.execute(_COLLECTIVES, binary=True).fetchall()
    return PostgresView(
        tuple(PlanRows(*row) for row in plans),
        tuple((name, key) for name, key in connection.execute(_FORMS)),
        tuple(msgspec.msgpack.decode(unit, type=Unit) for (unit,) in units),
        _column(connection.execute(_INDICATORS).fetchall()),
    )


def _column(rows: Sequence[tuple[str]]) -> tuple[str, ...]:
    return tuple(value for (value,) in rows)
