"""A stand-in for the embedding model: texts that share pairs of characters get near vectors, in microseconds.

A million clauses have some five million pieces, days of work for a model on two cores. What is measured beside
retrieval's quality (time, memory, recall against exact search) needs vectors of the right size whose neighbourhoods
follow the texts; these are sums of random directions, one for each pair of neighbouring characters.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.models.base import Vectors
from index.progress import Progress, Stage, silent

NAME = "stand-in: hashed pairs of characters, projected at random; no model"
DIMENSION = 384
"""That of the default model."""
_BUCKETS = 1 << 14
"""Directions that pairs share; 25 MB of them."""
_CHUNK = 64
"""Texts at once: what they need stays in the processor's cache."""
_END = ord("\n")


class StandIn(Encoder):
    """An encoder without a model; says how long it took, so that building can be told without it."""

    def __init__(self, progress: Progress = silent) -> None:
        super().__init__(NAME, Path())
        self._tell = progress
        random = np.random.default_rng(1)
        self._directions = random.standard_normal((_BUCKETS, DIMENSION), dtype=np.float32)
        self.seconds = 0.0
        """Spent on documents so far."""
        self.texts = 0
        """Documents so far."""

    @property
    def identity(self) -> str:
        """What its vectors are compared by: there is one stand-in."""
        return NAME

    @property
    def is_loaded(self) -> bool:
        """There is nothing to load."""
        return True

    def load(self) -> None:
        """Do nothing."""

    @property
    def prompts(self) -> dict[str, str]:
        """Return none: the stand-in puts nothing before a text."""
        return {}

    def encode_query(self, text: str) -> Vectors:
        """Return the unit vector of a question."""
        vector: Vectors = self._encode([text])[0]
        return vector

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector a row."""
        start_time = time.perf_counter()
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for start in range(0, len(texts), _CHUNK):
            vectors[start : start + _CHUNK] = self._encode(texts[start : start + _CHUNK])
        self.seconds += time.perf_counter() - start_time
        self.texts += len(texts)
        self._tell(Stage.VECTORS, len(texts), len(texts))
        return vectors

    def _encode(self, texts: Sequence[str]) -> Vectors:
        buckets, starts = _pairs(texts)
        sums: Vectors = np.add.reduceat(self._directions[buckets], starts, axis=0)
        norms: Vectors = np.linalg.norm(sums, axis=1, keepdims=True)
        return sums / norms


def _pairs(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the bucket of each pair of neighbouring characters of all texts, and where each text's pairs begin.

    A text's last character makes a pair with the line's end, so that no text is without one.
    """
    joined = "".join((text.replace("\n", " ") or " ") + "\n" for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    after = np.append(codes[1:], np.uint64(_END))
    # The first character of a text has no pair with the end before it.
    inside = codes != _END
    ends = np.flatnonzero(~inside)
    lengths = np.diff(ends, prepend=-1) - 1
    mixed = (codes * np.uint64(0x9E3779B97F4A7C15)) ^ (after * np.uint64(0xC2B2AE3D27D4EB4F))
    buckets = (mixed >> np.uint64(40)) % np.uint64(_BUCKETS)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)[:-1]])
    return buckets[inside].astype(np.int64), starts.astype(np.int64)


class WithRealCost(StandIn):
    """The stand-in's vectors at the real model's price: it embeds each question too, and its vector is thrown away."""

    def __init__(self, real: Encoder) -> None:
        super().__init__()
        self._real = real

    def encode_query(self, text: str) -> Vectors:
        """Return the stand-in's vector after the real model has made its own."""
        self._real.encode_query(text)
        return super().encode_query(text)
