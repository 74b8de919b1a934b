"""BM25 as tantivy reckons it, so that both indexes rank alike: its constants, and lengths kept in one byte.

Source: tantivy's ``Bm25Weight`` and ``fieldnorm`` (https://docs.rs/tantivy), which follow Lucene's SmallFloat.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import cache

K1 = 1.2
B = 0.75
_EXACT = 24
"""Lengths below stand for themselves; those above keep the four highest of their bits."""


def _length(code: int) -> int:
    if code < _EXACT:
        return code
    mantissa, shift = (code - _EXACT) & 7, ((code - _EXACT) >> 3) - 1
    return _EXACT + (mantissa if shift < 0 else (mantissa | 8) << shift)


@cache
def lengths() -> tuple[int, ...]:
    """Return the length that each of the 256 codes stands for."""
    return tuple(_length(code) for code in range(256))


def length_code(length: int) -> int:
    """Return the code of the greatest length that is not above this one."""
    return bisect_right(lengths(), length) - 1


def idf(documents: int, holding: int) -> float:
    """Return the weight of a word that ``holding`` of ``documents`` hold."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def length_parts(documents: int, tokens: int) -> list[float]:
    """Return what a clause's length, by its code, adds below the fraction."""
    average = tokens / max(documents, 1) or 1.0
    return [K1 * (1 - B + B * length / average) for length in lengths()]
