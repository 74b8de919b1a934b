"""The vectors' part of a change: new plans get a segment of their own, and what is gone is left out in time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding import Numbered, batches, embed_pieces, embed_probes
from index.encoder import Encoder
from index.errors import ModelUnavailableError
from index.known_vectors import KnownVectors
from index.lift_scale import LiftScale, measure_scale
from index.local.folder import CENTROID, PROBES, VECTORS
from index.local.vectors import (
    ENDINGS,
    FlatSegment,
    Rows,
    SegmentWriter,
    Selection,
    VectorIndex,
    Vectors,
    VectorSegment,
    open_segment,
    pieces_of,
)
from index.manifest import DenseSide

MOST_SMALL = 8
"""Small segments that are left side by side before they are joined."""
MOST_DEAD = 0.2
"""Share of a large segment's vectors that may belong to plans that are gone before it is written anew."""
_SLICE = 65_536


class DenseChange:
    """Changes the vectors in ``folder``, which are those of ``before`` (None: there are none yet).

    ``known`` are vectors of the same model that need not be made again.
    """

    def __init__(
        self, folder: Path, before: DenseSide | None, encoder: Encoder, known: KnownVectors | None = None
    ) -> None:
        self._folder = folder / VECTORS
        self._root = folder
        self._before = before
        self._encoder = encoder
        self._known = known
        self._probes: Vectors | None = None
        self._names = list(before.segments) if before else []
        self._centred = before.centred if before else 0
        self._sum: NDArray[np.float64] = np.load(folder / CENTROID) * self._centred if before else np.zeros(1)

    def embed(self, clauses: Numbered) -> None:
        """Add the vectors of new clauses as a segment; ModelUnavailableError leaves everything as it was."""
        if self._before is None and self._probes is None:
            self._probes = self._probes_now()
        self._folder.mkdir(exist_ok=True)
        name = self._new_name()
        writer = SegmentWriter(self._folder / name)
        before = self._sum, self._centred
        try:
            for numbered in batches(clauses):
                self._embed(numbered, writer)
        except ModelUnavailableError:
            self._delete(name)
            self._sum, self._centred = before
            raise
        if writer.total:
            writer.close()
            self._names.append(name)

    def _probes_now(self) -> Vectors:
        try:
            return embed_probes(self._encoder)
        except ModelUnavailableError:
            if self._known is None:
                raise
            return self._known.probes

    def _embed(self, numbered: Numbered, writer: SegmentWriter) -> None:
        pieces = embed_pieces(self._encoder, numbered, self._known)
        self._sum = self._sum + pieces.vectors[pieces.whole].sum(axis=0)
        self._centred += len(pieces.whole)
        writer.add(pieces.vectors, pieces.rows, pieces.codes, pieces.marks)

    def leave_out(self, dead: Rows) -> None:
        """Take the vectors of these rows (sorted) out of the centroid, and out of the segments where that pays."""
        if not dead.size:
            return
        for name in list(self._names):
            segment = open_segment(self._folder / name)
            pieces = pieces_of(segment.rows, dead)
            if not pieces.size:
                continue
            first = pieces[np.unique(segment.rows[pieces], return_index=True)[1]]
            self._sum = self._sum - segment.at(first).sum(axis=0)
            self._centred -= len(first)
            if isinstance(segment, FlatSegment) or len(pieces) > MOST_DEAD * len(segment.rows):
                self._replace([name], [segment], dead)

    def join(self) -> None:
        """Make one segment of the small ones where they have become many."""
        small = {name: one for name in self._names if isinstance(one := open_segment(self._folder / name), FlatSegment)}
        if len(small) > MOST_SMALL:
            self._replace(list(small), list(small.values()), np.zeros(0, dtype=np.int64))

    def _replace(self, names: Sequence[str], segments: Sequence[VectorSegment], dead: Rows) -> None:
        """Write one segment in the place of several, without the rows that are dead."""
        name = self._new_name()
        writer = SegmentWriter(self._folder / name)
        for segment in sorted(segments, key=lambda one: int(one.rows[0])):
            for at in range(0, len(segment.rows), _SLICE):
                live = at + np.flatnonzero(~np.isin(segment.rows[at : at + _SLICE], dead))
                if live.size:
                    writer.add(segment.at(live), segment.rows[live], segment.codes[live], segment.marks[live])
        if writer.total:
            writer.close()
        at = self._names.index(names[0])
        self._names = [one for one in self._names if one not in names]
        self._names[at:at] = [name] if writer.total else []
        for one in names:
            self._delete(one)

    def finish(self) -> DenseSide:
        """Write what belongs to all segments together, and return what the manifest says of the vectors."""
        centroid = (self._sum / max(self._centred, 1)).astype(np.float32)
        _save(self._root / CENTROID, centroid)
        if self._probes is not None:
            _save(self._root / PROBES, self._probes)
        probes = np.load(self._root / PROBES, allow_pickle=False)
        made_by = self._before or self._known or self._encoder
        prompts = made_by.prompts
        return DenseSide(len(centroid), prompts, self._scale(probes, centroid), tuple(self._names), self._centred)

    def _scale(self, probes: Vectors, centroid: Vectors) -> LiftScale:
        """Measure what off-topic questions reach by chance."""
        index = VectorIndex(self._folder, self._names)
        best = [max(index.search(probe, Selection(), 1).values(), default=0.0) for probe in probes]
        return measure_scale(np.array(best) - probes @ centroid)

    def _new_name(self) -> str:
        taken = (int(path.name.partition(".")[0]) for path in self._folder.glob("*.rows.npy"))
        return f"{max((*taken, *map(int, self._names)), default=0) + 1:06}"

    def _delete(self, name: str) -> None:
        for ending in ENDINGS:
            (self._folder / name).with_suffix(ending).unlink(missing_ok=True)


def _save(path: Path, values: Vectors) -> None:
    """Write an array to a new file: the one that was there may be shared with the index before."""
    path.unlink(missing_ok=True)
    np.save(path, values, allow_pickle=False)
