"""The backend over PostgreSQL: one state of all plans; a newer one is another backend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from index.filters import Filters
from index.manifest import DenseSide
from index.postgres.catalogue import PostgresCatalogue
from index.postgres.database import Database, reading, transaction
from index.postgres.lexical import PostgresLexical
from index.postgres.state import IndexState, read_state
from index.postgres.vectors import likeness, nearest
from index.postgres.view import PostgresView, read_view

if TYPE_CHECKING:
    from index.models.base import Vectors


class PostgresBackend:
    """A state of the index in the database, opened for reading; holds nothing that another replica would miss."""

    def __init__(self, database: Database, state: IndexState, view: PostgresView, model: str) -> None:
        self.state = state
        self.view = view
        self.catalogue = PostgresCatalogue(database, view)
        self.lexical = PostgresLexical(database, view, state.note)
        self._database = database
        self._same_model = state.note.model == model
        self._model = model

    @property
    def generation(self) -> int:
        """Number of this state."""
        return self.state.generation

    @property
    def sources(self) -> Mapping[str, str]:
        """What each plan was read from, and what tells one state of that from another."""
        return {place.source: place.mark for place in self.view.places}

    @property
    def built_at(self) -> float:
        """When it was last changed, Unix seconds."""
        return self.state.note.built_at

    @property
    def dense(self) -> DenseSide | None:
        """The model behind the vectors; None where there are none, or where this replica has another model."""
        return self.state.note.dense if self._same_model else None

    @property
    def failure(self) -> str:
        """Why there are no vectors."""
        return self.state.note.failure if self._same_model else f"{self._model}: not the model that made this index"

    @cached_property
    def centroid(self) -> Vectors:
        """The mean vector of all clauses."""
        return self.state.centroid

    def dictionary(self) -> Iterable[str]:
        """Return the corpus's own words: names of units and of indicators."""
        return self.view.words

    def nearest(self, vector: Vectors, filters: Filters, limit: int) -> dict[int, float]:
        """Return the cosines by row of the ``limit`` clauses nearest to a question that pass the filters."""
        return nearest(self._database.rows, self.view, self.state.note, vector, filters, limit)

    def likeness(self, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """Return the cosine of each of these rows with a question; none for a row without vectors."""
        return likeness(self._database.rows, vector, rows)


def open_backend(url: str, model: str) -> PostgresBackend | None:
    """Open the current state with the encoder of this identity; None when no index was ever built there."""
    with transaction(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        state = read_state(connection)
        if state is None:
            return None
        connection.execute("SELECT set_config('search_path', %s, true)", (state.schema,))
        view = read_view(connection, state)
    return PostgresBackend(reading(url, state.schema), state, view, model)
