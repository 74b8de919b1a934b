"""Each format's reader, and the limits that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.readers.archive import read_archive
from corpus.readers.csv_table import read_csv
from corpus.readers.document import Document, ReadError
from corpus.readers.docx import read_docx
from corpus.readers.forms import form_of
from corpus.readers.html import read_html, read_markdown
from corpus.readers.limits import BLOCKS, FILE_MB, MB
from corpus.readers.ofd import read_ofd
from corpus.readers.office import convert
from corpus.readers.pdf import read_pdf
from corpus.readers.pictures import read_picture
from corpus.readers.text import read_text
from corpus.readers.workbook import read_workbook

_READERS: dict[str, Callable[[Path], Document]] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "docx": read_docx,
    "workbook": read_workbook,
    "csv": read_csv,
    "ofd": read_ofd,
}


def read_here(path: Path, *, recognise: bool = False) -> Document:
    """Return a file's blocks, read in this process, with ``recognise`` those in pictures too.

    ReadError with one line when that cannot be.
    """
    return _FileReading(recognise=recognise).document(path)


class _FileReading:
    """One reading of a file, and of those inside it."""

    def __init__(self, *, recognise: bool) -> None:
        self._recognise = recognise

    def document(self, path: Path) -> Document:
        """Return a file's blocks, neither none nor too many."""
        document = self._read(path, form_of(path))
        if not document.blocks:
            raise ReadError("empty", name=path.name)
        if len(document.blocks) > BLOCKS:
            raise ReadError("too_long", name=path.name, blocks=len(document.blocks), limit=BLOCKS)
        return document

    def _read(self, path: Path, form: str) -> Document:
        size = path.stat().st_size
        if size > FILE_MB[form] * MB:
            raise ReadError("too_large", name=path.name, size=size // MB, limit=FILE_MB[form])
        match form:
            case "archive":
                return read_archive(path, self._member)
            case "office":
                with convert(path) as converted:
                    return self._read(converted, form_of(converted))
            case "pdf":
                return read_pdf(path, recognise=self._recognise)
            case "image":
                return read_picture(path, recognise=self._recognise)
            case _:
                return _READERS[form](path)

    def _member(self, path: Path) -> Document:
        """Read a file of an archive: archives inside one are not opened, whatever they are called."""
        if form_of(path) == "archive":
            raise ReadError("damaged", name=path.name, form=path.suffix.removeprefix("."))
        return self.document(path)
