"""Which format a file has: by what its bytes say, then by its name (a .doc is often a web page or a .docx)."""

from __future__ import annotations

import zipfile
from pathlib import Path

from corpus.readers.document import ReadError
from corpus.readers.limits import FILE_MB, MB

BY_NAME = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".mht": "html",
    ".mhtml": "html",
    ".docx": "docx",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".csv": "csv",
    ".pdf": "pdf",
    ".ofd": "ofd",
    ".zip": "archive",
    ".doc": "office",
    ".wps": "office",
    ".rtf": "office",
    ".odt": "office",
    ".xls": "office",
    ".et": "office",
    ".ods": "office",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
    ".bmp": "image",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_START = 2048
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_PACKAGES = {"word/": "docx", "xl/": "workbook", "OFD.xml": "ofd", "META-INF/manifest.xml": "office"}
"""A part that tells what a zip is."""


def form_of(path: Path) -> str:
    """Return the format of a file; ReadError when it is not there, empty, locked, or of none that is known."""
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except FileNotFoundError as error:
        raise ReadError("missing", name=path.name) from error
    except OSError as error:
        raise ReadError("unreadable", name=path.name, reason=error.strerror or "") from error
    if not start.strip():
        raise ReadError("empty", name=path.name)
    named = BY_NAME.get(path.suffix.lower())
    if named is None:
        raise ReadError("unknown_form", name=path.name, known=" ".join(BY_NAME))
    return _by_start(start, path, named)


def _by_start(start: bytes, path: Path, named: str) -> str:
    """Return the format that the first bytes tell of; the one of the name when they tell of none."""
    if start.startswith(_OLE):
        if _LOCKED in path.read_bytes()[: FILE_MB["office"] * MB]:
            raise ReadError("encrypted", name=path.name)
        return "office"
    if start.startswith(b"PK"):
        return _package(path, named)
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "office"
    if start.startswith(_IMAGES):
        return "image"
    return "html" if head.startswith((b"<!doctype html", b"<html")) else named


def _package(path: Path, named: str) -> str:
    """Return which kind of zip a file is, by its parts; a damaged one goes by its name."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return named if named in {*_PACKAGES.values(), "archive"} else "docx"
    told = (form for part, form in _PACKAGES.items() if any(name.startswith(part) for name in names))
    return next(told, "archive")
