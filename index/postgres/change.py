"""One change of the index in PostgreSQL, in one transaction: readers see the state before it or the one after it.

Two that want to change it take turns by an advisory lock, which the database gives back however its holder ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import psycopg
from msgspec import structs
from psycopg import sql

from corpus.library.shipped import PlanSource
from corpus.model import Plan
from index.encoder import Encoder
from index.errors import ModelUnavailableError, StorageError
from index.postgres.look import Difference, difference, last_look, note_look, removed_plans
from index.postgres.plan_writer import PlanWriter, StoredPlan, known_plans, read_plan
from index.postgres.state import IndexState, Note, read_state, write_state
from index.postgres.tables import CHANNEL, COMMON, FORMAT, INDEXES, LEFT_BEHIND, LOCK, TABLES, schema
from index.postgres.vector_writer import VectorWriter
from index.postgres.view import read_view
from index.postgres.word_writer import WordWriter
from index.progress import Progress, Stage
from index.tokens import Segmenter

KEPT_SECONDS = 600.0
"""How long the rows of a plan that is gone stay: a reader that has not noticed by then is not there any more."""


class _Coming(NamedTuple):
    """A plan to be added."""

    source: str
    mark: str
    added: str
    bare: bool
    read: Callable[[], Plan]


@dataclass(frozen=True, slots=True)
class PostgresChange:
    """What a replica wants of the index."""

    replica: str
    sources: Sequence[PlanSource]
    code: str
    """Fingerprint of the code that reads plans and makes the index."""
    encoder: Encoder
    progress: Progress
    anew: bool
    """Whether all is made again, also plans that have not changed."""

    def make(self, connection: psycopg.Connection) -> None:
        """Bring in what differs, if anything does; StorageError where this replica's model is another one."""
        if connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (LOCK,)).fetchone() == (False,):
            self.progress(Stage.WAIT, 0, 1)
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        if connection.execute("SELECT to_regclass('wence_index.state')").fetchall() == [(None,)]:
            connection.execute(COMMON)
        state = read_state(connection)
        known = _in_schema(connection, state.schema) if state else []
        marks = {one.source: one.mark for one in known}
        before, removed = last_look(connection, self.replica), removed_plans(connection)
        brought = difference(self.sources, before, marks, removed, all_own=self.anew or state is None)
        if state is None or self.anew:
            self._build(connection, state, known, brought)
        elif brought or state.note.unembedded:
            self._change(connection, state, known, brought)
        note_look(connection, self.replica, self.sources, marks, brought)

    def _build(
        self,
        connection: psycopg.Connection,
        before: IndexState | None,
        known: Sequence[StoredPlan],
        brought: Difference,
    ) -> None:
        """Fill a schema with this replica's plans, and with those of others as they stand in the build before."""
        own = {source.key for source in self.sources}
        others = [one for one in known if one.source not in own and one.source not in brought.gone]
        build = before.build + 1 if before else 1
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema(build))))
        _enter(connection, schema(build))
        connection.execute(TABLES)
        note = Note(FORMAT, self.code, self.encoder.identity, 0.0, {}, 0, 0, 0, 0, None)
        state = IndexState(before.generation if before else 0, build, note, b"", b"")
        coming = [
            *(_Coming(one.source, one.mark, one.added, one.bare,
                      partial(_read_from, connection, before.schema, state.schema, one)) for one in others if before),
            *_own(self.sources, {one.district for one in others if one.bare}),
        ]  # fmt: skip
        self._apply(connection, state, (), coming, fresh=True)
        kept = [schema(build), *([before.schema] if before else [])]
        for (name,) in connection.execute(LEFT_BEHIND, (kept,)).fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))

    def _change(
        self, connection: psycopg.Connection, state: IndexState, known: Sequence[StoredPlan], brought: Difference
    ) -> None:
        if state.note.model != self.encoder.identity:
            raise StorageError(f"{self.encoder.identity}: not the model that made this index, {state.note.model}")
        come = {source.key for source in brought.come}
        gone = [one for one in known if one.source in come or one.source in brought.gone]
        taken = {one.district for one in known if one.bare and one not in gone}
        self._apply(connection, state, gone, _own(brought.come, taken), fresh=False)

    def _apply(
        self, connection: psycopg.Connection, state: IndexState, gone: Sequence[StoredPlan], coming: Sequence[_Coming],
        *, fresh: bool,
    ) -> None:  # fmt: skip
        """Take plans out, add others, and write the state that then is current."""
        note, after = state.note, state.generation + 1
        plans = PlanWriter(connection, after, note.next_plan, note.next_row)
        words = WordWriter(connection, note.next_term, note.kinds, note.tokens)
        vectors = VectorWriter(connection, note, state.vector_sum, self.encoder)
        for one in gone:
            words.take_away(one, read_plan(connection, one))
            plans.retire(one)
        vectors.leave_out(gone)
        come = self._add(plans, sorted(coming, key=lambda one: (one.added, one.source)))
        plans.flush()
        self._add_words(connection, words, come)
        words.flush()
        if fresh:
            connection.execute(INDEXES)
        else:
            vectors.pieces -= plans.sweep(KEPT_SECONDS)
        failure, unembedded = self._add_vectors(connection, vectors, note, come)
        vectors.make_indexes()
        if fresh:
            connection.execute("ANALYZE")
        note = structs.replace(
            note, built_at=time.time(), kinds=dict(words.kinds), tokens=words.tokens, next_row=plans.next_row,
            next_plan=plans.next_plan, next_term=words.next_term, pieces=vectors.pieces, graph=vectors.graph,
            failure=failure, unembedded=unembedded,
        )  # fmt: skip
        state = IndexState(after, state.build, note, vectors.vector_sum, state.probes)
        dense, probes = vectors.measure(note, read_view(connection, state), state.probes)
        write_state(connection, replace(state, note=structs.replace(note, dense=dense), probes=probes))
        connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, str(after)))

    def _add(self, plans: PlanWriter, coming: Sequence[_Coming]) -> list[StoredPlan]:
        come = []
        self.progress(Stage.PARSE, 0, len(coming))
        for number, one in enumerate(coming, 1):
            come.append(plans.add(one.read(), one.source, one.mark, one.added, bare=one.bare))
            self.progress(Stage.PARSE, number, len(coming))
        return come

    def _add_words(self, connection: psycopg.Connection, words: WordWriter, come: Sequence[StoredPlan]) -> None:
        names = connection.execute("SELECT name FROM form UNION SELECT name FROM indicator").fetchall()
        cut = Segmenter(sorted(name for (name,) in names if len(name) > 1))
        for number, one in enumerate(come):
            self.progress(Stage.LEXICAL, number, len(come))
            words.add(one, read_plan(connection, one), cut)
        self.progress(Stage.LEXICAL, len(come), len(come))

    def _add_vectors(
        self, connection: psycopg.Connection, vectors: VectorWriter, note: Note, come: Sequence[StoredPlan]
    ) -> tuple[str, tuple[int, ...]]:
        """Return why plans lack vectors, and the numbers of those that do."""
        known = known_plans(connection)
        late = [one for one in known if one.number in note.unembedded]
        wanting = [*late, *come]
        numbered = (pair for one in wanting for pair in enumerate(read_plan(connection, one).clauses, one.first_row))
        try:
            vectors.embed(numbered)
        except ModelUnavailableError as error:
            return str(error), tuple(one.number for one in wanting)
        return "", ()


def _own(sources: Iterable[PlanSource], taken: set[str]) -> list[_Coming]:
    """Return a replica's plans as ones to come; the first of a district that is not ``taken`` keeps its ids bare."""
    coming = []
    for source in sorted(sources, key=lambda one: (one.added, one.key)):
        bare = source.meta.district not in taken
        taken = {*taken, source.meta.district}
        coming.append(_Coming(source.key, source.mark, source.added, bare, replace(source, bare=bare).plan))
    return coming


def _enter(connection: psycopg.Connection, name: str) -> None:
    """Put a schema first in the search path, until the transaction ends."""
    connection.execute(
        "SELECT set_config('search_path', %s || ',' || (SELECT reset_val FROM pg_settings WHERE name = 'search_path'),"
        " true)",
        (name,),
    )


def _in_schema(connection: psycopg.Connection, name: str) -> list[StoredPlan]:
    _enter(connection, name)
    return known_plans(connection)


def _read_from(connection: psycopg.Connection, there: str, here: str, known: StoredPlan) -> Plan:
    """Return a plan of another schema."""
    _enter(connection, there)
    plan = read_plan(connection, known)
    _enter(connection, here)
    return plan
