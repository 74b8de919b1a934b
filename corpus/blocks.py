"""What a reader makes of a file: paragraphs and table rows in reading order, before any meaning is given to them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, its text verbatim but for blanks at both ends."""

    text: str
    line: int
    """Line (or paragraph count, in formats without lines) in the source, from 1."""
    level: int = 0
    """Level of the heading that its style makes it, from 1; 0 for any other paragraph."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table; a merged cell is repeated in every row it spans."""

    cells: tuple[str, ...]
    line: int
    table: int
    """Which table of the document, from 1."""


Block = Paragraph | TableRow
