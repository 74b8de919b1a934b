"""Damaged streams of a PDF, decompressed as far as they go.

pdfminer does the same byte by byte and copies all that it has at each step: minutes for a megabyte.
"""

from __future__ import annotations

import zlib

from pdfminer import pdftypes

_CHECKSUM = 4
"""Bytes at the end without which the text is whole."""


def decompressed(data: bytes) -> bytes:
    """Return what a stream holds whose checksum is wrong; zlib.error where it breaks off before that."""
    machine, parts = zlib.decompressobj(), []
    for at in range(len(data)):
        try:
            parts.append(machine.decompress(data[at : at + 1]))
        except zlib.error:
            if at < len(data) - _CHECKSUM:
                raise
            break
    return b"".join(parts)


def mend_pdfminer() -> None:
    """Let pdfminer decompress damaged streams so."""
    pdftypes.decompress_corrupted = decompressed
