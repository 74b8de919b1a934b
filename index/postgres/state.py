"""What the index in PostgreSQL says about itself: one row, changed together with what it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import psycopg

from index.errors import SnapshotError
from index.manifest import DenseSide
from index.postgres.tables import FORMAT, schema

if TYPE_CHECKING:
    from index.models.base import Vectors


class Note(msgspec.Struct, frozen=True):
    """What is kept in the row as one value."""

    format: int
    source: str
    """Fingerprint of the code that made it."""
    model: str
    """Identity of the encoder."""
    built_at: float
    """Unix seconds of the last change."""
    kinds: dict[int, int]
    """How many clauses there are of each kind, by its number."""
    tokens: int
    """Of all clauses."""
    next_row: int
    next_plan: int
    next_term: int
    dense: DenseSide | None
    """None when the model could not be had."""
    pieces: int = 0
    """Vectors in the table, those of plans that are gone too."""
    graph: bool = False
    """Whether the vectors have an HNSW index."""
    failure: str = ""
    """Why there are no vectors, or why some plans lack them."""
    unembedded: tuple[int, ...] = ()
    """Numbers of plans without vectors."""

    @property
    def clauses(self) -> int:
        """How many clauses there are."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class IndexState:
    """The row."""

    generation: int
    """One more with each change."""
    build: int
    note: Note
    vector_sum: bytes
    """Sum of the whole clauses' vectors, 64-bit floats."""
    probes: bytes
    """Vectors of the probe questions, 32-bit floats; empty without vectors."""

    @property
    def schema(self) -> str:
        """Where the build's tables are."""
        return schema(self.build)

    @property
    def centroid(self) -> Vectors:
        """The mean vector of all clauses."""
        import numpy as np

        count = self.note.dense.centred if self.note.dense else 0
        mean: Vectors = (np.frombuffer(self.vector_sum) / max(count, 1)).astype(np.float32)
        return mean


def read_state(connection: psycopg.Connection) -> IndexState | None:
    """Return the state, None when no index was ever built here; SnapshotError for one of another format."""
    if connection.execute("SELECT to_regclass('wence_index.state')").fetchall() == [(None,)]:
        return None
    found = connection.execute(
        "SELECT generation, build, note, vector_sum, probes FROM wence_index.state", binary=True
    ).fetchone()
    if found is None:
        return None
    generation, build, note, vector_sum, probes = found
    if msgspec.json.decode(note)["format"] != FORMAT:
        raise SnapshotError(f"wence_index: format {msgspec.json.decode(note)['format']}, not {FORMAT}")
    return IndexState(generation, build, msgspec.json.decode(note, type=Note), vector_sum, probes)


def write_state(connection: psycopg.Connection, state: IndexState) -> None:
    """Put the state in the place of the one there is."""
    connection.execute("DELETE FROM wence_index.state")
    connection.execute(
        "INSERT INTO wence_index.state (generation, build, note, vector_sum, probes) VALUES (%s, %s, %s, %s, %s)",
        (state.generation, state.build, msgspec.json.encode(state.note), state.vector_sum, state.probes),
    )
