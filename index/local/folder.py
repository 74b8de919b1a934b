"""The embedded backend: one state of all plans in a folder of its own, which is never changed once it is current."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SnapshotError
from index.filters import KEPT_SELECTIONS, Filters, codes_wanted
from index.local.sqlite_catalogue import SqliteCatalogue
from index.manifest import DenseSide, Manifest, read_manifest

if TYPE_CHECKING:
    from index.local.lexical import LexicalIndex
    from index.local.vectors import Selection, VectorIndex
    from index.models.base import Vectors

CURRENT = "current"
"""File that names the snapshot to open."""
LEXICAL, VECTORS, CENTROID, PROBES = "lexical", "vectors", "centroid.npy", "probes.npy"


class Folder:
    """The backend in ``path``; SnapshotError when it is not whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: Manifest = read_manifest(path)
        self.catalogue = SqliteCatalogue(path)
        self._selection = lru_cache(KEPT_SELECTIONS)(self._select)

    generation = 0
    """A folder is one state."""

    @classmethod
    def current(cls, store: Path) -> Folder:
        """Open the current snapshot of ``store``; SnapshotError when there is none or it is not whole."""
        try:
            name = (store / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SnapshotError(f"{store / CURRENT}: {error}") from error
        return cls(store / name)

    @property
    def sources(self) -> Mapping[str, str]:
        """What each plan was read from, and what tells one state of that from another."""
        return self.manifest.sources

    @property
    def built_at(self) -> float:
        """When it was made, Unix seconds."""
        return self.manifest.built_at

    @property
    def dense(self) -> DenseSide | None:
        """The model behind the vectors; None where there are none."""
        return self.manifest.dense

    @property
    def failure(self) -> str:
        """Why there are no vectors."""
        return self.manifest.failure

    def dictionary(self) -> Iterable[str]:
        """Return the corpus's own words: names of units and of indicators."""
        names = (*(name for name, _ in self.catalogue.forms()), *self.catalogue.indicator_names())
        return sorted({name for name in names if len(name) > 1})

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The index of words."""
        from index.local.lexical import LexicalIndex

        return LexicalIndex(self.path / LEXICAL)

    @cached_property
    def vectors(self) -> VectorIndex:
        """The vectors of all segments."""
        from index.local.vectors import VectorIndex

        return VectorIndex(self.path / VECTORS, self.dense.segments if self.dense else ())

    @cached_property
    def centroid(self) -> Vectors:
        """The mean vector of all clauses."""
        import numpy as np

        centroid: Vectors = np.load(self.path / CENTROID, allow_pickle=False)
        return centroid

    @cached_property
    def probes(self) -> Vectors:
        """The vectors of the probe questions."""
        import numpy as np

        probes: Vectors = np.load(self.path / PROBES, allow_pickle=False)
        return probes

    def nearest(self, vector: Vectors, filters: Filters, limit: int) -> dict[int, float]:
        """Return the cosines by row of the ``limit`` clauses nearest to a question that pass the filters."""
        return self.vectors.search(vector, self._selection(filters), limit)

    def likeness(self, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """Return the cosine of each of these rows with a question; none for a row without vectors."""
        import numpy as np

        return self.vectors.likeness(vector, np.array(sorted(rows), dtype=np.int64))

    def _select(self, filters: Filters) -> Selection:
        import numpy as np

        from index.local.vectors import Selection

        codes = codes_wanted(filters)
        wanted = None if codes is None else np.array(codes, dtype=np.uint8)
        return Selection(self.catalogue.allowed(filters.districts, filters.unit_keys), wanted)
