"""How much a reader takes in, in one place: above these a file is refused, so that none takes over 1 GiB.

Plans of government offices are below 2 MB of text; the parsers build trees of up to ten times their input.
"""

from __future__ import annotations

MB = 1024 * 1024

FILE_MB = {
    "text": 10, "markdown": 10, "csv": 10, "html": 20, "workbook": 20, "image": 40,
    "docx": 100, "pdf": 100, "ofd": 100, "office": 100, "archive": 100,
}  # fmt: skip
"""Largest file of each format."""

XML_PART_MB = 32
"""Largest unpacked part of a .docx."""

ARCHIVE_FILES = 60
ARCHIVE_MB = 200
"""Most documents of a .zip, and what they may unpack to."""

PDF_PAGES = 400

RECOGNISED_PAGES = 60
"""Most pages that OCR reads: each takes seconds."""
LONGEST_SIDE = 2400
"""Pixels of a page for OCR; more makes nothing clearer and takes time."""
PIXELS = 100_000_000
"""Largest picture."""

BLOCKS = 6000
"""Most paragraphs and rows of a document: linking its tables and tasks takes time that grows with their square."""

TABLE_CELLS = 200_000
TABLE_CHARACTERS = 10_000_000
"""Most cells and characters of one table after its spans are laid out."""

COLUMNS = 100
"""Most columns that one cell may span."""
