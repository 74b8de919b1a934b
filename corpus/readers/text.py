"""Plain text → blocks: the encoding is found here, the structure by ``corpus.structure.textfile``."""

from __future__ import annotations

from pathlib import Path

from corpus.readers.document import Document, ReadError
from corpus.readers.encoding import decode
from corpus.structure import textfile


def read_text(path: Path) -> Document:
    """Return the blocks of a text file; ReadError when its bytes are no text."""
    return Document(textfile.blocks(text_of(path, path.read_bytes())))


def text_of(path: Path, data: bytes, declared: str = "") -> str:
    """Return the text that ``data`` holds, perhaps in the encoding that it declares; ReadError when it is none."""
    try:
        return decode(data, declared)
    except ValueError as error:
        raise ReadError("binary", name=path.name) from error
