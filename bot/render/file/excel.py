"""Tables as an Excel workbook: a sheet each, ready to be filtered and printed.

Every cell but a row's number is text: what begins with = + - or @ is no formula, and figures stay as they are printed.
"""

from __future__ import annotations

import io
import re
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.messages import say
from bot.render.file.clean import printable
from bot.render.file.tables import FileColumn, FileTable, Sheets

CELL_CHARACTERS = 32_767
TAB_CHARACTERS = 31
ROW_POINTS = 409
"""All from Microsoft's “Excel specifications and limits”."""
_NO_TAB_NAME = re.compile(r"[\\/*?:\[\]']")
_WIDTH = 2.2
"""Columns of Excel's width for one of a column's shares."""
_LINE_POINTS = 15
"""Height of one line of text."""
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(_LINE, _LINE, _LINE, _LINE)


def workbook(sheets: Sheets) -> bytes:
    """Return the file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = say("file.creator")
    book.properties.title = printable(sheets.headline)
    for number, table in enumerate(sheets.tables, 1):
        _fill(book.create_sheet(_tab(table.title, number)), sheets, table)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _tab(title: str, number: int) -> str:
    """Return a sheet's name; Excel takes no long ones and none twice."""
    tail = f" {number}" if number > 1 else ""
    return _NO_TAB_NAME.sub(" ", printable(title))[: TAB_CHARACTERS - len(tail)] + tail


def _fill(sheet: Worksheet, sheets: Sheets, table: FileTable) -> None:
    above = (sheets.headline, *sheets.notes)
    for row, text in enumerate(above, 1):
        _write(sheet, row, 1, text).font = Font(bold=row == 1, italic=row > 1, size=14 if row == 1 else 10)
    head = len(above) + 1
    for number, column in enumerate(table.columns, 1):
        _heading(sheet, head, number, column)
    for row, cells in enumerate(table.rows, head + 1):
        for number, (column, text) in enumerate(zip(table.columns, cells, strict=True), 1):
            cell = _write(sheet, row, number, text)
            cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), _BOX
            if column.ordinal:
                cell.value = int(text)
        lines = max(_lines(text, column) for column, text in zip(table.columns, cells, strict=True))
        # Not every program makes a row as high as its text.
        sheet.row_dimensions[row].height = min(lines * _LINE_POINTS, ROW_POINTS)
    last = head + len(table.rows)
    if sheets.source:
        _write(sheet, last + 2, 1, sheets.source).font = Font(italic=True, size=10)
    _set_up(sheet, head, last, len(table.columns))


def _lines(text: str, column: FileColumn) -> int:
    """Return how many lines a text takes; a Chinese character is as wide as two others."""
    width = max(int(column.share * _WIDTH), 1)
    return sum(max(ceil(sum(1 + (char > "\u2e7f") for char in line) / width), 1) for line in text.split("\n"))


def _heading(sheet: Worksheet, row: int, column: int, one: FileColumn) -> None:
    cell = _write(sheet, row, column, one.heading)
    cell.font, cell.border = Font(bold=True), _BOX
    cell.fill = PatternFill("solid", fgColor="E7EEF7")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.column_dimensions[get_column_letter(column)].width = one.share * _WIDTH


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 - no cell of a new sheet is part of a merged one
    text = printable(text)
    if len(text) > CELL_CHARACTERS:
        mark = say("file.cut")
        text = text[: CELL_CHARACTERS - len(mark)] + mark
    cell.value = text
    # Not what the library or Excel would make of it, neither now nor when somebody edits the cell.
    cell.data_type, cell.quotePrefix = "s", True
    return cell


def _set_up(sheet: Worksheet, head: int, last: int, columns: int) -> None:
    """Keep the headings in sight and on every printed page, which is as wide as the table."""
    sheet.freeze_panes = f"A{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(columns)}{last}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
