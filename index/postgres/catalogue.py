"""The catalogue over PostgreSQL: one state's plans, looked up in a round trip each, what was read lately kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec

from corpus.model import Clause, Unit
from index.catalogue import KEPT_PLANS, PlanHeader, Tally
from index.postgres.database import Database
from index.postgres.recent import RecentValues
from index.postgres.view import PostgresView

KEPT_CLAUSES = 4096
"""Single clauses kept decoded, beside the opened plans."""
_HEADERS = "SELECT id, header FROM plan WHERE number = ANY(%(plans)s)"
_CLAUSES = "SELECT row, data FROM clause WHERE row >= %(start)s AND row < %(end)s ORDER BY row"
_ROWS = "SELECT row, data FROM clause WHERE row = ANY(%(rows)s)"
_IDS = "SELECT id, row, data FROM clause WHERE id = ANY(%(ids)s)"
_NAMING = """
SELECT row, data FROM clause
WHERE row = ANY((SELECT rows FROM naming WHERE key = %(key)s AND plan = %(plan)s)::int[]) ORDER BY row
"""
_TALLIES = "SELECT plan, cardinality(rows) FROM naming WHERE key = %(key)s"
_PAIRS = "SELECT pair FROM pair WHERE pair = ANY(%(pairs)s)"


class PostgresCatalogue:
    """The catalogue of one state; safe to share between threads."""

    def __init__(self, database: Database, view: PostgresView) -> None:
        self._database = database
        self._view = view
        self._decoder = msgspec.msgpack.Decoder(Clause)
        self._headed = msgspec.msgpack.Decoder(PlanHeader)
        self._headers: RecentValues[str, PlanHeader] = RecentValues(KEPT_PLANS)
        self._kept: RecentValues[int, Clause] = RecentValues(KEPT_CLAUSES)
        self._by_id: RecentValues[str, Clause] = RecentValues(KEPT_CLAUSES)

    @property
    def districts(self) -> tuple[str, ...]:
        """Districts with a plan, in the order of the plans."""
        return self._view.districts

    @property
    def counts(self) -> tuple[int, int]:
        """How many plans and how many clauses there are."""
        return len(self._view.places), self._view.all_rows.total

    def plan_ids(self, districts: Collection[str] = ()) -> tuple[str, ...]:
        """Return the ids of the districts' plans in order; of all plans for none."""
        return tuple(place.id for place in self._view.places if not districts or place.district in districts)

    def header(self, plan_id: str) -> PlanHeader:
        """Return a plan without its clauses; KeyError when there is none with this id."""
        header = self._headers.get(plan_id)
        return header or self._read_headers([plan_id])[plan_id]

    def _read_headers(self, plan_ids: Collection[str]) -> dict[str, PlanHeader]:
        found = self._database.rows(_HEADERS, plans=[self._view.by_id[one].number for one in plan_ids])
        return {one: self._headers.put(one, self._headed.decode(header)) for one, header in found}

    def clauses(self, plan_id: str, numbers: Sequence[int] | None = None) -> tuple[Clause, ...]:
        """Return those of a plan's clauses with these numbers (from 0, in reading order); all of them for None."""
        place = self._view.by_id[plan_id]
        if numbers is not None:
            return tuple(self.rows([place.first + number for number in numbers]).values())
        found = self._database.rows(_CLAUSES, start=place.first, end=place.end)
        return tuple(self._decoder.decode(data) for _, data in found)

    def naming(self, plan_id: str, key: str) -> tuple[Clause, ...]:
        """Return the plan's clauses that name a unit, in reading order."""
        found = self._database.rows(_NAMING, key=key, plan=self._view.by_id[plan_id].number)
        clauses = tuple(self._clause(row, data) for row, data in found)
        self._foresee(clauses)
        return clauses

    def find(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """Return the clauses with these ids, without those that there are not."""
        found = {one: clause for one in clause_ids if (clause := self._by_id.get(one)) is not None}
        missing = [one for one in clause_ids if one not in found]
        if missing:
            rows = self._database.rows(_IDS, ids=missing)
            found |= {one: self._clause(row, data) for one, row, data in rows if self._view.holds(row)}
        return found

    def rows(self, rows: Sequence[int]) -> dict[int, Clause]:
        """Return the clauses in these rows of the index, without those that there are not."""
        there = [row for row in rows if self._view.holds(row)]
        found = {row: clause for row in there if (clause := self._kept.get(row)) is not None}
        missing = [row for row in there if row not in found]
        if missing:
            read = {row: self._clause(row, data) for row, data in self._database.rows(_ROWS, rows=missing)}
            self._foresee(read.values())
            found |= read
        return {row: found[row] for row in there if row in found}

    def tallies(self, key: str) -> tuple[Tally, ...]:
        """Return every plan whose directory has a unit, in order."""
        places, at = self._view.places, self._view.position
        found = sorted((at[plan], count) for plan, count in self._database.rows(_TALLIES, key=key) if plan in at)
        return tuple(Tally(places[number].id, places[number].district, count) for number, count in found)

    def forms(self) -> Iterable[tuple[str, str]]:
        """Return every name with the key of the unit that it may mean, in the order of the plans."""
        return self._view.forms

    def collectives(self) -> tuple[Unit, ...]:
        """Return the collectives of the plans, one for each name with the same members."""
        return self._view.collectives

    def indicator_names(self) -> tuple[str, ...]:
        """Return the names of all indicators, each once."""
        return self._view.indicators

    def known_pairs(self, pairs: Collection[str]) -> frozenset[str]:
        """Return those of these pairs of characters that stand in some plan."""
        return frozenset(pair for (pair,) in self._database.rows(_PAIRS, pairs=list(pairs))) if pairs else frozenset()

    def sample(self, most: int) -> tuple[Clause, ...]:
        """Return up to about ``most`` clauses, whole plans spread over all of them."""
        step = max(1, -(-self.counts[1] // most))
        return tuple(clause for plan in self.plan_ids()[::step] for clause in self.clauses(plan))

    def _foresee(self, clauses: Collection[Clause]) -> None:
        """Read what is asked for next, clause by clause: counterparts, and the plans that they are in."""
        paired = [clause for clause in clauses if clause.counterparts]
        self.find([one for clause in paired for one in clause.counterparts])
        unread = {clause.plan for clause in paired if self._headers.get(clause.plan) is None}
        if unread:
            self._read_headers(unread)

    def _clause(self, row: int, data: bytes) -> Clause:
        clause = self._kept.get(row)
        if clause is None:
            clause = self._kept.put(row, self._decoder.decode(data))
            self._by_id.put(clause.id, clause)
        return clause
