"""The vectors that an index has already, by the text they were made of: an upgrade need not make them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.local.vectors import Marks, Vectors, VectorSegment
from index.manifest import DenseSide


class KnownVectors:
    """The vectors in the segments of an index made by the same model, and what ``side`` says of that model.

    ``probes`` are the vectors of the probe questions.
    """

    def __init__(self, segments: Sequence[VectorSegment], side: DenseSide, probes: Vectors) -> None:
        self.prompts = side.prompts
        self.probes = probes
        self._segments = segments
        self._width = side.dimension
        marks = np.concatenate([np.zeros(0, np.uint64), *(segment.marks for segment in segments)])
        self._order = np.argsort(marks, kind="stable")
        self._marks = marks[self._order]
        self._starts = np.cumsum([0, *(len(segment.marks) for segment in segments)])

    def complete(self, texts: Sequence[str], marks: Marks, embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
        """Return a vector for each text: the known one, or one that ``embed`` makes of it."""
        places, known = self._places(marks)
        if not known.any():
            return embed(texts)
        numbers = self._order[places[known]]
        owners = np.searchsorted(self._starts, numbers, side="right") - 1
        wanted = np.flatnonzero(known)
        found = np.empty((len(texts), self._width), dtype=np.float32)
        for owner in np.unique(owners).tolist():
            mine = owners == owner
            found[wanted[mine]] = self._segments[owner].at(numbers[mine] - self._starts[owner])
        missing = np.flatnonzero(~known)
        if missing.size:
            found[missing] = embed([texts[at] for at in missing.tolist()])
        return found

    def covers(self, marks: Marks) -> bool:
        """Whether the vectors of all these texts are known."""
        return bool(self._places(marks)[1].all())

    def _places(self, marks: Marks) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return where each mark stands or would stand in their order, and which of them stand there."""
        places = np.searchsorted(self._marks, marks)
        known = places < len(self._marks)
        known[known] = self._marks[places[known]] == marks[known]
        return places, known
