"""Floats → blocks of 32 small integers with a scale each, as ONNX Runtime multiplies them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.models.default.weights import BLOCK, Codes, Floats

_TRIED = np.array([sign * share for share in (0.75, 0.8, 0.84, 0.875, 0.91, 0.95, 1.0) for sign in (1, -1)], np.float32)
"""Shares of the largest scale that are tried for each block of 4 bits: the one with the least error is taken.

A negative scale puts the largest weight on the code that has one more step; 0.875 gives back what was 4 bits before.
"""


_SAFE = 63
"""Largest code beside 8-bit activations: with more, two products overflow the 16 bits in which older processors add."""
Bytes = NDArray[np.int8]


def quantised(matrix: Floats, bits: int) -> tuple[Codes, Floats]:
    """Return codes ``[out, in / 32, 32]`` and scales ``[out, in / 32]``; a weight is (code - 2^(bits-1)) · scale."""
    blocks = matrix.reshape(matrix.shape[0], -1, BLOCK)
    zero = 1 << (bits - 1)
    largest = np.abs(blocks).max(axis=-1) / (zero - 1) + np.float32(1e-12)
    best = largest
    if bits < 8:
        errors = np.full(largest.shape, np.inf, dtype=np.float32)
        for share in _TRIED:
            scale = largest * share
            back = _codes(blocks, scale, zero) * scale[..., None]
            error = ((back - blocks) ** 2).sum(axis=-1)
            better = error < errors
            best = np.where(better, scale, best)
            errors = np.where(better, error, errors)
    codes = (_codes(blocks, best, zero) + zero).astype(np.uint8)
    return codes, best.astype(np.float32)


def rounded(matrix: Floats, bits: int) -> Floats:
    """Return a matrix as its codes give it back: what the graph multiplies by."""
    return unquantised(*quantised(matrix, bits), bits)


def unquantised(codes: Codes, scales: Floats, bits: int) -> Floats:
    """Return the matrix that codes and scales stand for."""
    back: Floats = (codes.astype(np.float32) - np.float32(1 << (bits - 1))) * scales[..., None]
    return back.reshape(len(codes), -1)


def by_column(matrix: Floats) -> tuple[Bytes, Floats]:
    """Return signed codes ``[out, in]`` and scales ``[out]``, for a product with what is rounded to 8 bits itself."""
    scales = np.abs(matrix).max(axis=1) / np.float32(_SAFE) + np.float32(1e-12)
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales


def _codes(blocks: Floats, scale: Floats, zero: int) -> Floats:
    rounded: Floats = np.clip(np.rint(blocks / scale[..., None]), -zero, zero - 1)
    return rounded
