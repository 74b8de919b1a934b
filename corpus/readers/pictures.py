"""Photographs and scans → blocks, by the optional OCR; without it one line says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from corpus.readers.document import Document, ReadError
from corpus.readers.limits import PIXELS, RECOGNISED_PAGES
from corpus.readers.pages import Sheet, document_of

PICTURE = "page that is a picture"
"""Rule by which a page without text is left out."""
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    IndexError,
    Image.DecompressionBombError,
)


def read_picture(path: Path, *, recognise: bool) -> Document:
    """Return the blocks of a photograph or a scan of several frames; ReadError when OCR is off, or it is damaged."""
    if not recognise:
        raise ReadError("scanned", name=path.name)
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > PIXELS:
                raise ReadError("huge_picture", name=path.name, limit=PIXELS // 1_000_000)
            return recognised(_frames(picture), getattr(picture, "n_frames", 1), path.name)
    except _BROKEN as error:
        raise ReadError("damaged", name=path.name, form=path.suffix.removeprefix(".")) from error


def recognised(pictures: Iterator[Image.Image], pages: int, name: str) -> Document:
    """Return what stands on the pictures of a document's pages, marked as read by OCR."""
    if pages > RECOGNISED_PAGES:
        raise ReadError("too_many_scans", name=name, pages=pages, limit=RECOGNISED_PAGES)
    return marked([recognised_sheet(picture) for picture in pictures])


def recognised_sheet(picture: Image.Image) -> Sheet:
    """Return what stands on the picture of a page."""
    from corpus.readers.recognition import sheet_of

    return sheet_of(picture)


def marked(sheets: list[Sheet]) -> Document:
    """Return the pages as a document that says OCR was at work."""
    return replace(document_of(sheets), recognised=True)


def _frames(picture: Image.Image) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(picture):
        yield ImageOps.exif_transpose(frame)
