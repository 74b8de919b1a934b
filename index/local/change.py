"""One change of the index: plans that are gone or differ go, plans that are new or differ come, the rest stays."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.library.shipped import PlanSource
from index.documents import lexical_text
from index.embedding import Numbered, text_marks
from index.encoder import Encoder
from index.errors import ModelUnavailableError, StorageError
from index.filters import values_of
from index.known_vectors import KnownVectors
from index.local.catalogue_writer import CataloguedPlan, CatalogueWriter
from index.local.dense_change import DenseChange
from index.local.folder import LEXICAL
from index.local.lexical import LexicalWriter
from index.local.sqlite_catalogue import TABLES
from index.manifest import FILE, DenseSide, Manifest, Origin, mark_files, write_manifest
from index.progress import Progress, Stage
from index.tokens import Segmenter

_COPIED = (TABLES,)
"""Files that are changed in place, and so can't be shared; the clauses' file is shared, and added to at its end."""


def share_files(before: Path, folder: Path) -> None:
    """Fill ``folder`` with the files of the index before: links to what never changes, copies of what does."""
    for path in sorted(before.rglob("*")):
        there = folder / path.relative_to(before)
        if path.is_dir():
            there.mkdir()
        elif path.name in _COPIED or path.name.endswith(".lock"):
            shutil.copyfile(path, there)
        elif path.name != FILE:
            try:
                os.link(path, there)
            except OSError:  # a file system without links
                shutil.copyfile(path, there)


@dataclass(frozen=True, slots=True)
class FolderChange:
    """What the index is to hold."""

    sources: Sequence[PlanSource]
    origin: Origin
    encoder: Encoder
    progress: Progress

    def write(
        self, folder: Path, before: Manifest | None, marks: dict[str, str], held: KnownVectors | None = None
    ) -> None:
        """Change the index in ``folder`` (empty without one ``before``); StorageError when the disk refuses.

        ``held`` are vectors that need not be made again.
        """
        try:
            with CatalogueWriter(folder) as catalogue:
                known = catalogue.known()
                gone = [one for key, one in known.items() if marks.get(key) != f"{one.mark} {one.bare}"]
                stay = known.keys() - {one.source for one in gone}
                for one in gone:
                    catalogue.remove(one.id)
                firsts = self._read(catalogue, [source for source in self.sources if source.key not in stay])
                catalogue.flush()
                self._write_words(folder, catalogue, gone, firsts)
                vectors = DenseChange(folder, before.dense if before else None, self.encoder, held)
                dense, failure, unembedded = self._write_vectors(vectors, before, held, catalogue, gone, firsts)
        except sqlite3.Error as error:
            raise StorageError(f"{folder / TABLES}: {error}") from error
        files = mark_files(folder)
        write_manifest(folder, Manifest(self.origin, marks, time.time(), files, dense, failure, unembedded))

    def _read(self, catalogue: CatalogueWriter, come: Sequence[PlanSource]) -> dict[str, int]:
        """Parse the new plans into the catalogue; return each one's first row by its id."""
        firsts = {}
        self.progress(Stage.PARSE, 0, len(come))
        for number, source in enumerate(come, 1):
            plan = source.plan()
            firsts[plan.meta.id] = catalogue.add(plan, source.key, source.mark, bare=source.bare)
            self.progress(Stage.PARSE, number, len(come))
        ids = {source: one.id for source, one in catalogue.known().items()}
        catalogue.put_in_order(ids[source.key] for source in self.sources)
        return firsts

    def _write_words(
        self, folder: Path, catalogue: CatalogueWriter, gone: Sequence[CataloguedPlan], firsts: dict[str, int]
    ) -> None:
        cut = Segmenter(catalogue.words())
        lexical = LexicalWriter(folder / LEXICAL)
        for one in gone:
            lexical.remove(one.id)
        for number, (plan_id, first) in enumerate(firsts.items()):
            self.progress(Stage.LEXICAL, number, len(firsts))
            plan = catalogue.plan(plan_id)
            keys = {unit.name: unit.key for unit in plan.units}
            for row, clause in enumerate(plan.clauses, first):
                lexical.add(row, plan_id, cut.tokens(lexical_text(clause)), values_of(clause, keys))
        lexical.commit()
        self.progress(Stage.LEXICAL, len(firsts), len(firsts))

    def _write_vectors(
        self, dense: DenseChange, before: Manifest | None, held: KnownVectors | None, catalogue: CatalogueWriter,
        gone: Sequence[CataloguedPlan], firsts: dict[str, int],
    ) -> tuple[DenseSide | None, str, tuple[str, ...]]:  # fmt: skip
        """Return what the manifest says of the vectors, why some are missing, and the plans that lack them."""
        known = {one.id: one.first_row for one in catalogue.known().values()}
        late = [one for one in (before.unembedded if before else ()) if one in known and one not in firsts]
        come = [*late, *firsts]

        def clauses(plans: Sequence[str]) -> Numbered:
            return (pair for one in plans for pair in enumerate(catalogue.plan(one).clauses, known[one]))

        failure, missing = "", tuple[str, ...]()
        try:
            dense.embed(clauses(come))
        except ModelUnavailableError as error:
            covered = [one for one in come if held and held.covers(text_marks(clauses([one])))]
            if not covered and (before is None or before.dense is None):
                return None, str(error), ()
            failure, missing = str(error), tuple(one for one in come if one not in covered)
            dense.embed(clauses(covered))
        dense.leave_out(
            np.array([row for one in gone for row in range(one.first_row, one.first_row + one.clauses)], int)
        )
        dense.join()
        return dense.finish(), failure, missing
