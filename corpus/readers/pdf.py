"""PDF with a text layer → blocks: lines joined to paragraphs, tables across pages joined, page furniture dropped."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from corpus.model import Dropped
from corpus.readers.document import Document, ReadError
from corpus.readers.limits import LONGEST_SIDE, PDF_PAGES, RECOGNISED_PAGES
from corpus.readers.pages import Sheet, document_of
from corpus.readers.pdf_lines import lines_of
from corpus.readers.pdf_streams import mend_pdfminer
from corpus.readers.pdf_tables import grids_of, inside
from corpus.readers.pictures import PICTURE, marked, recognised_sheet

_BROKEN = (
    PDFException, PSException, PdfminerException, MalformedPDFException, ValueError, TypeError, KeyError, IndexError,
    AttributeError, AssertionError, OverflowError, ZeroDivisionError, RecursionError, struct.error, zlib.error,
    pypdfium2.PdfiumError,
)  # fmt: skip
"""What pdfminer lets out of a damaged file."""

_DPI = 200
"""How fine a page is drawn for OCR."""
_CHARS_A_PAGE = 8
"""Fewer than this on average, and the text is in pictures."""


def read_pdf(path: Path, *, recognise: bool = False) -> Document:
    """Return the blocks of a PDF, with ``recognise`` those of its pictures of pages too.

    ReadError when it is damaged, encrypted, scanned or too long.
    """
    mend_pdfminer()
    try:
        sheets = _sheets(path)
        scans = [page for page, sheet in enumerate(sheets) if sheet.is_scan]
        if recognise and scans:
            return marked(_recognised(path, sheets, scans))
    except _BROKEN as error:
        locked = any(isinstance(inner, PDFPasswordIncorrect) for inner in error.args)
        raise ReadError("encrypted" if locked else "damaged", name=path.name, form="PDF") from error
    _check_text(sheets, path.name)
    document = document_of(sheets)
    pictures = tuple(Dropped(page + 1, "", PICTURE) for page in scans)
    return replace(document, dropped=(*document.dropped, *pictures))


def _sheets(path: Path) -> list[Sheet]:
    with pdfplumber.open(path) as pdf:
        if len(pdf.pages) > PDF_PAGES:
            raise ReadError("too_many_pages", name=path.name, pages=len(pdf.pages), limit=PDF_PAGES)
        return [_sheet(page) for page in pdf.pages]


def _recognised(path: Path, sheets: list[Sheet], scans: list[int]) -> list[Sheet]:
    """Return the pages, those that are pictures as OCR reads them."""
    if len(scans) > RECOGNISED_PAGES:
        raise ReadError("too_many_scans", name=path.name, pages=len(scans), limit=RECOGNISED_PAGES)
    done = list(sheets)
    pdf = pypdfium2.PdfDocument(path)
    try:
        for page in scans:
            sheet = sheets[page]
            scale = min(_DPI / 72, LONGEST_SIDE / max(1.0, sheet.width, sheet.height))
            done[page] = recognised_sheet(pdf[page].render(scale=scale).to_pil())
    finally:
        pdf.close()
    return done


def _sheet(page: Page) -> Sheet:
    clean = page.dedupe_chars()
    grids = grids_of(clean)
    chars = [char for char in clean.chars if char["upright"] and not any(inside(char, grid.box) for grid in grids)]
    lines = lines_of(chars)
    scan = not grids and sum(len(line.text) for line in lines) < _CHARS_A_PAGE and bool(page.images)
    sheet = Sheet(float(page.width), float(page.height), lines, grids, scan)
    page.close()
    return sheet


def _check_text(sheets: list[Sheet], name: str) -> None:
    texts = [line.text for sheet in sheets for line in sheet.lines]
    texts += [cell.text for sheet in sheets for grid in sheet.grids for cell in grid.cells]
    letters = sum(map(len, texts))
    if letters < _CHARS_A_PAGE * len(sheets):
        raise ReadError("scanned", name=name)
    unknown = sum(text.count("(cid:") for text in texts)
    if unknown * 6 > letters * 0.2:
        raise ReadError("garbled", name=name)
