"""Workbooks (.xlsx) → blocks: every visible sheet, merged cells in each row and column they span.

Figures stand as the sheet shows them, with the percent sign and words of their format.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from corpus.model import Dropped
from corpus.readers.cell_text import text_of
from corpus.readers.document import BlockList, Document, ReadError
from corpus.readers.grid import add_grid
from corpus.readers.limits import COLUMNS, MB, TABLE_CELLS, TABLE_CHARACTERS, XML_PART_MB
from corpus.readers.tables import TableSize

_BROKEN = (
    zipfile.BadZipFile, zlib.error, etree.LxmlError, InvalidFileException, SyntaxError, ValueError, TypeError, KeyError,
    IndexError, AttributeError, OverflowError, EOFError, OSError, NotImplementedError, RecursionError, RuntimeError,
)  # fmt: skip
"""What openpyxl lets out of a damaged file."""
_NO_NAME = re.compile(r"(?:sheet|工作表|表)\s*[0-9]*", re.IGNORECASE)
"""A sheet's name that nobody gave."""


def read_workbook(path: Path) -> Document:
    """Return the blocks of the .xlsx at ``path``; ReadError when it is damaged, too large or a zip bomb."""
    try:
        _check_parts(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not keep (forms, charts) is no text
            book = openpyxl.load_workbook(path, data_only=True)
        return _document(book)
    except _BROKEN as error:
        raise ReadError("damaged", name=path.name, form="xlsx") from error


def _check_parts(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")) and part.file_size > XML_PART_MB * MB:
                raise ReadError("bomb", name=path.name, limit=XML_PART_MB)


def _document(book: Workbook) -> Document:
    out = BlockList()
    dropped: list[Dropped] = []
    sheets: list[tuple[str, list[list[str]]]] = []
    for sheet in book.worksheets:
        rows = _places(sheet)
        if sheet.sheet_state == "visible":
            sheets += [(sheet.title, rows)] if rows else []
        elif rows:
            dropped.append(Dropped(1, sheet.title, "hidden sheet"))
    for title, rows in sheets:
        named = len(sheets) > 1 and not _NO_NAME.fullmatch(title)
        add_grid(out, rows, title if named else "")
    return Document(tuple(out.blocks), tuple(dropped))


def _places(sheet: Worksheet) -> list[list[str]]:
    """Return the texts of a sheet, without the rows and columns that hold none."""
    texts = {
        place: text
        for place, cell in sheet._cells.items()  # noqa: SLF001 - the public ways fill every place up to the last cell
        if (text := text_of(cell.value, cell.number_format))
    }
    rows = sorted({row for row, _ in texts})
    columns = sorted({column for _, column in texts})
    if len(columns) > COLUMNS:
        raise ReadError("huge_table", cells=TABLE_CELLS, characters=TABLE_CHARACTERS)
    texts |= dict(_spanned(sheet, texts, set(rows), set(columns)))
    size = TableSize()
    grid = []
    for row in rows:
        grid.append([texts.get((row, column), "") for column in columns])
        size.add(grid[-1])
    return grid


def _spanned(
    sheet: Worksheet, texts: dict[tuple[int, int], str], rows: set[int], columns: set[int]
) -> Iterator[tuple[tuple[int, int], str]]:  # fmt: skip
    """Yield the places that merged cells cover, among those rows and columns that hold text."""
    for area in sheet.merged_cells.ranges:
        text = texts.get((area.min_row, area.min_col), "")
        if text:
            for row in rows.intersection(range(area.min_row, area.max_row + 1)):
                for column in columns.intersection(range(area.min_col, area.max_col + 1)):
                    yield (row, column), text
