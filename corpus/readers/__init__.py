"""Files as they come (text, Markdown, web page, Word, PDF) → blocks, the same for every format.

``read`` and ``read_document`` read in a process of their own and raise only ReadError.
"""

from __future__ import annotations

from pathlib import Path

from corpus.blocks import Block
from corpus.readers.document import Document, Hints, ReadError
from corpus.readers.guard import read_document

__all__ = ["Document", "Hints", "ReadError", "read", "read_document"]


def read(path: Path) -> tuple[Block, ...]:
    """Return a file's paragraphs and table rows in reading order; ReadError with one Chinese line when it has none."""
    return read_document(path).blocks
