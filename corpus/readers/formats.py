"""Which reader a file belongs to: by what its bytes say, then by its name (a .doc is often a web page or a .docx)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.readers.document import Document, ReadError
from corpus.readers.docx import read_docx
from corpus.readers.html import read_html, read_markdown
from corpus.readers.limits import BLOCKS, FILE_MB, MB
from corpus.readers.office import read_office
from corpus.readers.pdf import read_pdf
from corpus.readers.text import read_text

_READERS: dict[str, Callable[[Path], Document]] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "docx": read_docx,
    "pdf": read_pdf,
    "office": read_office,
}
_BY_NAME = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".mht": "html",
    ".mhtml": "html",
    ".docx": "docx",
    ".pdf": "pdf",
    ".doc": "office",
    ".wps": "office",
    ".rtf": "office",
    ".odt": "office",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_START = 2048


def read_here(path: Path) -> Document:
    """Return a file's blocks, read in this process; ReadError with one line when that cannot be."""
    form = _form(path)
    size = path.stat().st_size
    if size > FILE_MB[form] * MB:
        raise ReadError("too_large", name=path.name, size=size // MB, limit=FILE_MB[form])
    document = _READERS[form](path)
    if not document.blocks:
        raise ReadError("empty", name=path.name)
    if len(document.blocks) > BLOCKS:
        raise ReadError("too_long", name=path.name, blocks=len(document.blocks), limit=BLOCKS)
    return document


def _form(path: Path) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except FileNotFoundError as error:
        raise ReadError("missing", name=path.name) from error
    except OSError as error:
        raise ReadError("unreadable", name=path.name, reason=error.strerror or "") from error
    if not start.strip():
        raise ReadError("empty", name=path.name)
    named = _BY_NAME.get(path.suffix.lower())
    if named is None:
        raise ReadError("unknown_form", name=path.name, known=" ".join(_BY_NAME))
    return _by_start(start, path) or named


def _by_start(start: bytes, path: Path) -> str:
    """Return the format that the first bytes tell of; empty when they tell of none."""
    if start.startswith(_OLE):
        if _LOCKED in path.read_bytes()[: FILE_MB["office"] * MB]:
            raise ReadError("encrypted", name=path.name)
        return "office"
    if start.startswith(b"PK"):
        return "office" if path.suffix.lower() == ".odt" else "docx"
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "office"
    return "html" if head.startswith((b"<!doctype html", b"<html")) else ""
