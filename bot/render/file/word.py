"""Tables as a Word document on A4 across, the headings repeated on every page."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt
from docx.table import _Cell, _Row

from bot.messages import say
from bot.render.file.clean import printable
from bot.render.file.tables import FileTable, Sheets

_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = 297, 210, 15
"""Millimetres of A4."""
_SIZE = Pt(9)


def document(sheets: Sheets) -> bytes:
    """Return the file."""
    made = Document()
    _set_up(made, sheets)
    made.add_paragraph().add_run(printable(sheets.headline)).bold = True
    for note in sheets.notes:
        made.add_paragraph().add_run(printable(note)).italic = True
    for number, table in enumerate(sheets.tables):
        if number:
            made.add_paragraph().add_run(printable(table.title)).bold = True
        _add(made, table)
    if sheets.source:
        made.add_paragraph().add_run(printable(sheets.source)).italic = True
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _set_up(made: WordDocument, sheets: Sheets) -> None:
    told = made.core_properties
    told.author, told.title, told.comments = say("file.creator"), printable(sheets.headline)[:255], ""
    told.created = told.modified = datetime.now(UTC)
    page = made.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Mm(_PAGE_WIDTH), Mm(_PAGE_HEIGHT)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(_MARGIN)
    style = made.styles["Normal"].element.get_or_add_rPr()
    # Of the Western type alone Word would take whatever it likes for Chinese.
    style.get_or_add_rFonts().set(qn("w:eastAsia"), say("file.typeface"))


def _add(made: WordDocument, table: FileTable) -> None:
    grid = made.add_table(1, len(table.columns), style="Table Grid")
    grid.autofit = False
    shares = sum(column.share for column in table.columns)
    widths = [Mm((_PAGE_WIDTH - 2 * _MARGIN) * column.share / shares) for column in table.columns]
    _fill(grid.rows[0], tuple(column.heading for column in table.columns), bold=True)
    _repeat(grid.rows[0])
    for cells in table.rows:
        _fill(grid.add_row(), cells)
    # Word goes by the cells, other programs by the columns.
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _fill(row: _Row, texts: tuple[str, ...], *, bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        _write(cell, printable(text), bold=bold)


def _write(cell: _Cell, text: str, *, bold: bool) -> None:
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(line)
        run.bold, run.font.size = bold, _SIZE


def _repeat(row: _Row) -> None:
    # python-docx has no name of its own for it.
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # type: ignore[arg-type]  # noqa: SLF001
