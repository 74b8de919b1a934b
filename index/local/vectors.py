"""The dense side: unit vectors in FAISS, searched exactly while they are few and approximately where they are many.

Vectors stand in segments, files that are never changed: adding a plan adds a segment, and small ones are joined now
and then. A small segment is a flat FAISS index. A large one is an inverted file of short codes, beside the vectors in
half precision, which stay on disk: the best candidates by their codes are weighed again exactly, and a search that is
filtered down to few clauses (one district) reads just theirs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from index.documents import PIECES
from index.errors import SnapshotError, StorageError
from index.filters import KEPT_SELECTIONS

INDEX, EXACT, ROWS, CODES, MARKS = ".faiss", ".f16", ".rows.npy", ".codes.npy", ".marks.npy"
ENDINGS = (INDEX, EXACT, ROWS, CODES, MARKS)
"""Of a segment's files."""
EXACT_MOST = 20_000
"""Vectors up to which a segment is searched exactly; docs/performance.md has the measured crossing."""
FEW = 20_000
"""Vectors that a filter leaves in a large segment, up to which they are compared one by one."""
CANDIDATES = 4000
"""Vectors that are taken by their codes and weighed again exactly."""
SCANNED = 1_200_000
"""Codes that a search looks at, at most: short ones are compared so fast that few lists need to be left out."""
CODED = 4
"""Dimensions that one code of four bits stands for."""
TRAINED_ON = 64
"""Vectors for each list that its centres are found with."""
ROUNDS = 10
"""Rounds of finding the centres; more gain nothing that a search notices."""
_BITS = 4
_CHUNK = 65_536

Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]
Codes = NDArray[np.uint8]
Marks = NDArray[np.uint64]


@dataclass(frozen=True, eq=False, slots=True)
class Selection:
    """Which clauses a search may find; equal only to itself, so that what it means in a segment is worked out once."""

    rows: Rows | None = None
    """Sorted; None: all of them."""
    wanted: Codes | None = None
    """Of each code whether clauses of that kind may be found; None: all of them."""


class VectorSegment(Protocol):
    """Some of the vectors; ``rows`` says to which clause each belongs, ``codes`` of what kind that is.

    ``marks`` tell the texts that they were made of from all others.
    """

    rows: Rows
    codes: Codes
    marks: Marks

    def search(self, query: Vectors, selection: Selection, count: int) -> tuple[Rows, Vectors]:
        """Return up to ``count`` pieces (numbers in this segment), nearest first, and their cosines."""

    def at(self, pieces: Rows) -> Vectors:
        """Return the vectors of these pieces."""


class FlatSegment:
    """A segment that FAISS searches exactly."""

    def __init__(self, path: Path) -> None:
        rows, codes, self.marks = _arrays(path)
        self.rows, self.codes = np.array(rows), np.array(codes)
        self._index = faiss.deserialize_index(np.frombuffer(path.with_suffix(INDEX).read_bytes(), dtype=np.uint8))
        self._parameters = lru_cache(KEPT_SELECTIONS)(self._make_parameters)

    def search(self, query: Vectors, selection: Selection, count: int) -> tuple[Rows, Vectors]:
        """Return up to ``count`` pieces (numbers in this segment), nearest first, and their cosines."""
        parameters = self._parameters(selection)
        cosines, found = self._index.search(query[None, :], min(count, len(self.rows)), params=parameters)
        pieces, cosines = found[0], cosines[0]
        if pieces[-1] < 0:  # fewer were found
            there = pieces >= 0
            return pieces[there], cosines[there]
        return pieces, cosines

    def at(self, pieces: Rows) -> Vectors:
        """Return the vectors of these pieces."""
        found: Vectors = self._index.reconstruct_batch(pieces)
        return found

    def _make_parameters(self, selection: Selection) -> faiss.SearchParameters | None:
        if selection.rows is None and selection.wanted is None:
            return None
        allowed = np.ones(len(self.rows), dtype=bool)
        if selection.rows is not None:
            allowed = np.isin(self.rows, selection.rows)
        if selection.wanted is not None:
            allowed &= selection.wanted[self.codes].astype(bool)
        # faiss's types do not know the keywords that its wrapper adds.
        return faiss.SearchParameters(sel=_selector(allowed))  # type: ignore[call-arg]


class ListSegment:
    """A segment with an inverted file of codes; the vectors stay on disk and are read where a search looks."""

    def __init__(self, path: Path) -> None:
        self.rows, self.codes, self.marks = _arrays(path)
        self._lists: Any = faiss.read_index(str(path.with_suffix(INDEX)))
        self._exact = np.memmap(path.with_suffix(EXACT), np.float16, "r", shape=(len(self.rows), self._lists.d))

    def search(self, query: Vectors, selection: Selection, count: int) -> tuple[Rows, Vectors]:
        """Return up to ``count`` pieces (numbers in this segment), nearest first, and their cosines."""
        pieces = None if selection.rows is None else pieces_of(self.rows, selection.rows)
        if pieces is None or len(pieces) > FEW:
            pieces = self._candidates(query, pieces)
        if selection.wanted is not None:
            pieces = pieces[selection.wanted[self.codes[pieces]].astype(bool)]
        cosines = _cosines(self.at(pieces), query)
        best = np.argsort(-cosines, kind="stable")[:count]
        return pieces[best], cosines[best]

    def at(self, pieces: Rows) -> Vectors:
        """Return the vectors of these pieces."""
        return np.asarray(self._exact[pieces], dtype=np.float32)

    def _candidates(self, query: Vectors, pieces: Rows | None) -> Rows:
        total, selector = len(self.rows), None
        if pieces is not None:
            allowed = np.zeros(total, dtype=bool)
            allowed[pieces] = True
            selector = _selector(allowed)
        # faiss's types do not know the keywords that its wrapper adds.
        parameters = faiss.SearchParametersIVF(  # type: ignore[call-arg]
            nprobe=-(-self._lists.nlist * min(SCANNED, total) // total), sel=selector
        )
        _, found = self._lists.search(query[None, :], CANDIDATES, params=parameters)
        return np.sort(found[0][found[0] >= 0])


class VectorIndex:
    """The segments of a snapshot, opened for searching. Safe to share between threads."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        try:
            self.segments: tuple[VectorSegment, ...] = tuple(map(open_segment, (folder / name for name in names)))
        except (OSError, RuntimeError, ValueError) as error:
            raise SnapshotError(f"{folder}: {error}") from error

    def search(self, query: Vectors, selection: Selection, limit: int) -> dict[int, float]:
        """Return cosines by row of the ``limit`` nearest clauses, nearest first.

        A clause that has several vectors counts with the nearest.
        """
        # One question is too little work for several threads: waiting for each other takes them longer than searching.
        faiss.omp_set_num_threads(1)
        rows: list[int] = []
        cosines: list[float] = []
        for segment in self.segments:
            pieces, found = segment.search(query, selection, limit * PIECES)
            rows += segment.rows[pieces].tolist()
            cosines += found.tolist()
        if len(self.segments) > 1:
            order = np.argsort(-np.array(cosines), kind="stable").tolist()
            rows, cosines = [rows[at] for at in order], [cosines[at] for at in order]
        best = dict(zip(reversed(rows), reversed(cosines), strict=True))  # of several, the first counts
        return {row: best[row] for row in islice(dict.fromkeys(rows), limit)}

    def likeness(self, query: Vectors, rows: Rows) -> dict[int, float]:
        """Return the cosine of each of these clauses (sorted), none for one without vectors."""
        best: dict[int, float] = {}
        for segment in self.segments:
            pieces = pieces_of(segment.rows, rows)
            if pieces.size:
                cosines = _cosines(segment.at(pieces), query).tolist()
                for row, cosine in zip(segment.rows[pieces].tolist(), cosines, strict=True):
                    best[row] = max(cosine, best.get(row, cosine))
        return best


def open_segment(path: Path) -> VectorSegment:
    """Open the segment whose files begin with ``path``."""
    return ListSegment(path) if path.with_suffix(EXACT).exists() else FlatSegment(path)


class SegmentWriter:
    """Writes a segment to files that begin with ``path``; what is too much for a flat one goes to disk as it comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._vectors: list[Vectors] = []
        self._rows: list[Rows] = []
        self._codes: list[Codes] = []
        self._marks: list[Marks] = []
        self._spilled = 0
        self.total = 0

    def add(self, vectors: Vectors, rows: Rows, codes: Codes, marks: Marks) -> None:
        """Add the vectors of some clauses; rows only ever grow."""
        self._vectors.append(vectors)
        self._rows.append(rows)
        self._codes.append(codes)
        self._marks.append(marks)
        self.total += len(rows)
        if self.total > EXACT_MOST:
            with self._path.with_suffix(EXACT).open("ab") as file:
                for part in self._vectors:
                    file.write(part.astype(np.float16).tobytes())
            self._spilled = self.total
            self._vectors = [vectors[:0]]

    def close(self) -> None:
        """Write the files; nothing for a segment without vectors."""
        if not self.total:
            return
        np.save(self._path.with_suffix(ROWS), np.concatenate(self._rows), allow_pickle=False)
        np.save(self._path.with_suffix(CODES), np.concatenate(self._codes), allow_pickle=False)
        np.save(self._path.with_suffix(MARKS), np.concatenate(self._marks), allow_pickle=False)
        width = self._vectors[0].shape[1]
        if self._spilled:
            _write_lists(self._path, self.total, width)
            return
        index = faiss.IndexFlatIP(width)
        index.add(np.concatenate(self._vectors))
        # Through memory, not faiss's own writer: a full disk is then an OSError that says so.
        self._path.with_suffix(INDEX).write_bytes(faiss.serialize_index(index).tobytes())


def _write_lists(path: Path, total: int, width: int) -> None:
    """Write the inverted file of the vectors on disk, its centres found on an even sample of them."""
    exact = np.memmap(path.with_suffix(EXACT), dtype=np.float16, mode="r", shape=(total, width))
    lists = 1 << int(np.log2(np.sqrt(total)))
    index = faiss.IndexIVFPQFastScan(
        faiss.IndexFlatIP(width), width, lists, width // CODED, _BITS, faiss.METRIC_INNER_PRODUCT
    )
    index.by_residual = False  # codes of the vectors themselves: one table for all lists
    index.cp.niter = ROUNDS
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    index.train(np.asarray(exact[:: max(1, total // (lists * TRAINED_ON))], dtype=np.float32))
    for at in range(0, total, _CHUNK):
        index.add(np.asarray(exact[at : at + _CHUNK], dtype=np.float32))
    try:
        faiss.write_index(index, str(path.with_suffix(INDEX)))
    except RuntimeError as error:
        raise StorageError(f"{path}: {error}") from error


def _arrays(path: Path) -> tuple[Rows, Codes, Marks]:
    rows, codes, marks = (
        np.load(path.with_suffix(ending), mmap_mode="r", allow_pickle=False) for ending in (ROWS, CODES, MARKS)
    )
    return rows, codes, marks


def _cosines(vectors: Vectors, query: Vectors) -> Vectors:
    # Not as a product of matrices: the threads that numpy starts for one cost more than these few thousand rows.
    found: Vectors = np.einsum("ij,j->i", vectors, query)
    return found


def _selector(allowed: NDArray[np.bool_]) -> faiss.IDSelector:
    """Let a search find these pieces; a bit for each piece is both made and asked faster than a set of them."""
    # faiss's types know the constructor of C++, not that of its wrapper, which keeps the array alive.
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[arg-type,call-arg]


def pieces_of(of_segment: Rows, rows: Rows) -> Rows:
    """Return the numbers of the pieces that belong to ``rows``; both are sorted by row."""
    starts = np.searchsorted(of_segment, rows, side="left")
    stops = np.searchsorted(of_segment, rows, side="right")
    counts = stops - starts
    total = int(counts.sum())
    if not total:
        return np.zeros(0, dtype=np.int64)
    ends = np.cumsum(counts)
    found: Rows = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return found
