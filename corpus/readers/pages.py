"""Pages with lines and ruled tables → blocks: paragraphs and tables go on across pages, page furniture is dropped.

The same for every format that is set in pages: PDF, OFD, and pictures whose text was recognised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.blocks import Block
from corpus.datafiles import load
from corpus.model import Dropped
from corpus.readers.document import BlockList, Document
from corpus.readers.pdf_lines import PdfColumn, PdfLine, paragraphs
from corpus.readers.pdf_tables import Grid, rows_of

_EDGE = 0.12
"""Share of a page's height, above and below, where headers and page numbers stand."""
_LEAST_EDGE = 85.0
"""The same in points, for small pages: more than the usual inch of margin."""
_REPEATED = 0.5
"""A line at the edge on this share of the pages is furniture."""
_LONG = 0.9
_DIGITS = re.compile(r"[0-9]+")


@dataclass(slots=True)
class Sheet:
    """One page: what stands on it from the top down."""

    width: float
    height: float
    lines: list[PdfLine]
    grids: list[Grid]
    is_scan: bool = False
    """Whether the page is a picture without text."""

    def edges(self) -> list[PdfLine]:
        """Return the two lines nearest to each edge, if they stand in it."""
        outer = [*self.lines[:2], *self.lines[-2:]]
        edge = max(_EDGE * self.height, _LEAST_EDGE)
        return [line for line in outer if line.bottom < edge or line.top > self.height - edge]

    def parts(self) -> Iterator[list[PdfLine] | Grid]:
        """Yield runs of lines and tables in reading order."""
        rest = list(self.lines)
        for grid in self.grids:
            above = [line for line in rest if line.top < grid.box[1]]
            rest = rest[len(above) :]
            if above:
                yield above
            yield grid
        if rest:
            yield rest


def document_of(sheets: list[Sheet]) -> Document:
    """Return what stands on the pages."""
    dropped = _drop_furniture(sheets)
    return Document(_blocks(sheets), tuple(dropped))


def _drop_furniture(sheets: list[Sheet]) -> list[Dropped]:
    """Take the headers, footers and page numbers out of the sheets and return them; ``line`` is the page."""
    seen = Counter(_furniture_key(line) for sheet in sheets for line in set(sheet.edges()))
    often = max(2, _REPEATED * len(sheets))
    number = re.compile(load("page_marks")["number"])
    dropped: list[Dropped] = []
    for page, sheet in enumerate(sheets, start=1):
        for line in sheet.edges():
            if number.match(line.text):
                dropped.append(Dropped(page, line.text, "page number"))
            elif seen[_furniture_key(line)] >= often:
                dropped.append(Dropped(page, line.text, "header or footer of the page"))
            else:
                continue
            sheet.lines = [other for other in sheet.lines if other is not line]
    return dropped


def _furniture_key(line: PdfLine) -> tuple[str, int]:
    """Return what a header has in common on all pages: its text but for figures, and its height on the page."""
    return _DIGITS.sub("#", line.text), round(line.top / line.size)


class _Flow:
    """Puts the parts of the pages together: a paragraph or a table goes on where the page does not."""

    def __init__(self, sheets: list[Sheet]) -> None:
        self.out = BlockList()
        self._margins = {
            width: _margins([x for x in sheets if x.width == width]) for width in {x.width for x in sheets}
        }
        self._run: list[PdfLine] = []
        self._run_width = 0.0
        self._grids: list[Grid] = []
        self._grid_page = 0

    def lines(self, lines: list[PdfLine], width: float) -> None:
        """Add lines of a page ``width`` points wide."""
        self._end_grid()
        if width != self._run_width:
            self._end_run()
        self._run_width = width
        self._run.extend(lines)

    def grid(self, grid: Grid, page: int) -> None:
        """Add a table, or the rest of the one that the page before ended with."""
        self._end_run()
        if self._grids and not (self._grid_page == page - 1 and grid.continues(self._grids[-1])):
            self._end_grid()
        self._grids.append(grid)
        self._grid_page = page

    def end(self) -> tuple[Block, ...]:
        """Return all blocks."""
        self._end_run()
        self._end_grid()
        return tuple(self.out.blocks)

    def _end_run(self) -> None:
        if self._run:
            for text in paragraphs(self._run, self._margins[self._run_width]):
                self.out.paragraph(text)
        self._run = []

    def _end_grid(self) -> None:
        if self._grids:
            self.out.table(rows_of(self._grids))
        self._grids = []


def _margins(sheets: list[Sheet]) -> PdfColumn:
    """Return where lines start and where most of the long ones end; a single stray line does not count."""
    lines = [line for sheet in sheets for line in sheet.lines]
    starts = Counter(round(line.x0) for line in lines)
    longest = max((line.x1 for line in lines), default=0.0)
    ends = Counter(round(line.x1) for line in lines if line.x1 > _LONG * longest)
    left = min([x for x, often in starts.items() if often > 1] or starts, default=0)
    right = max(ends, key=lambda x: (ends[x], x), default=0)
    return PdfColumn(float(left), float(right))


def _blocks(sheets: list[Sheet]) -> tuple[Block, ...]:
    flow = _Flow(sheets)
    for page, sheet in enumerate(sheets):
        for part in sheet.parts():
            if isinstance(part, Grid):
                flow.grid(part, page)
            else:
                flow.lines(part, sheet.width)
    return flow.end()
