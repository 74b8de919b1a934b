"""Writes the vectors of plans, and keeps what is measured over all of them: their mean, and chance's reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import psycopg
from msgspec import structs
from numpy.typing import NDArray

from index.embedding import Numbered, batches, embed_pieces, embed_probes
from index.encoder import Encoder
from index.filters import Filters
from index.lift_scale import LiftScale, measure_scale
from index.manifest import DenseSide
from index.models.base import Vectors
from index.postgres.copying import copy_columns, vector_column
from index.postgres.plan_writer import StoredPlan
from index.postgres.state import Note
from index.postgres.tables import NEIGHBOURS, PIECES, PIECES_BY_ROW
from index.postgres.vectors import nearest
from index.postgres.view import PostgresView

GRAPH_FROM = 20_000
"""Vectors from which they have an HNSW graph; fewer are compared one by one."""
LINKS, WIDTH = 16, 64
"""Of the graph: neighbours of each vector, and candidates looked at for each that is added (pgvector's own choice)."""
_FIRST_VECTORS = "SELECT vector::real[] FROM piece WHERE row >= %s AND row < %s AND number = 0"


class VectorWriter:
    """Changes the vectors that ``note`` speaks of."""

    def __init__(self, connection: psycopg.Connection, note: Note, vector_sum: bytes, encoder: Encoder) -> None:
        self._connection = connection
        self._encoder = encoder
        self._dense = note.dense
        self._sum: NDArray[np.float64] = np.frombuffer(vector_sum).copy() if note.dense else np.zeros(1)
        self._centred = note.dense.centred if note.dense else 0
        self._width = note.dense.dimension if note.dense else 0
        self.pieces = note.pieces
        self.graph = note.graph

    @property
    def vector_sum(self) -> bytes:
        """Sum of the whole clauses' vectors."""
        return self._sum.tobytes()

    def embed(self, clauses: Numbered) -> None:
        """Add the vectors of clauses; ModelUnavailableError when there is no model."""
        for numbered in batches(clauses):
            pieces = embed_pieces(self._encoder, numbered)
            if not self._width:
                self._width = pieces.vectors.shape[1]
                self._connection.execute(PIECES.format(dimension=self._width))
            starts = np.repeat(pieces.whole, np.diff([*pieces.whole, len(pieces.rows)]))
            copy_columns(
                self._connection, "piece (row, number, code, vector)",
                (
                    pieces.rows.astype(np.int32), (np.arange(len(pieces.rows)) - starts).astype(np.int16),
                    pieces.codes.astype(np.int16), vector_column(pieces.vectors),
                ),
            )  # fmt: skip
            self._sum = self._sum + pieces.vectors[pieces.whole].sum(axis=0, dtype=np.float64)
            self._centred += len(pieces.whole)
            self.pieces += len(pieces.rows)

    def leave_out(self, gone: Sequence[StoredPlan]) -> None:
        """Take the vectors of plans that are gone out of the mean."""
        for plan in gone if self._width else ():
            span = (plan.first_row, plan.first_row + plan.clauses)
            for (numbers,) in self._connection.execute(_FIRST_VECTORS, span, binary=True):
                self._sum = self._sum - np.array(numbers)
                self._centred -= 1

    def make_indexes(self) -> None:
        """Make the indexes that the table is to have and does not have yet."""
        if self._dense is None and self._width:
            self._connection.execute(PIECES_BY_ROW)
        if not self.graph and self.pieces >= GRAPH_FROM:
            # The whole graph in memory, and no memory shared between processes: containers often have little of that.
            self._connection.execute("SET LOCAL maintenance_work_mem = '1GB'")
            self._connection.execute("SET LOCAL max_parallel_maintenance_workers = 0")
            self._connection.execute(NEIGHBOURS.format(dimension=self._width, links=LINKS, width=WIDTH))
            self.graph = True

    def measure(self, note: Note, view: PostgresView, probes: bytes) -> tuple[DenseSide | None, bytes]:
        """Return what the note says of the vectors, and the probes' vectors."""
        if not self._width:
            return None, b""
        vectors: Vectors = (
            np.frombuffer(probes, np.float32).reshape(-1, self._width) if probes else embed_probes(self._encoder)
        )
        prompts = self._dense.prompts if self._dense else self._encoder.prompts
        unmeasured = DenseSide(self._width, prompts, LiftScale(0.0, 0.0), (), self._centred)
        held = structs.replace(note, dense=unmeasured, graph=self.graph)
        best = [max(nearest(self._rows, view, held, one, Filters(), 1).values(), default=0.0) for one in vectors]
        centroid = (self._sum / max(self._centred, 1)).astype(np.float32)
        scale = measure_scale(np.array(best) - vectors @ centroid)
        return DenseSide(self._width, prompts, scale, (), self._centred), vectors.tobytes()

    def _rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values, binary=True).fetchall()
