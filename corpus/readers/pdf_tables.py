"""Ruled tables of a PDF: every place of the grid filled, and the parts of one table on several pages joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pdfplumber.page import Page
from pdfplumber.table import Table

from corpus.readers.pdf_lines import Char, Column, Line, lines_of, paragraphs

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points."""

_PADDING = 8.0
"""Most room between a cell's rule and its text; Word's default is 5.4 points."""
_SLACK = 3.0
"""How far rules that belong together may stand apart."""


@dataclass(slots=True)
class _Cell:
    """A cell on one page; a cell that the page's end cuts has one such part on each page."""

    box: Box
    text: str
    cut: bool
    """Its last line is full and stands at its lower rule: the text may go on in the next page's part."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on one page."""

    box: Box
    cells: tuple[_Cell, ...]

    def continues(self, other: Grid) -> bool:
        """Tell whether this grid goes on with ``other``, the one that ends the page before: their columns agree."""
        outer = abs(self.box[0] - other.box[0]) <= _SLACK and abs(self.box[2] - other.box[2]) <= _SLACK
        mine, others = _edges([self]), _edges([other])
        return outer and len(_edges([self, other])) == max(len(mine), len(others))


def grids_of(page: Page) -> list[Grid]:
    """Return the ruled tables of a page, from the top down."""
    if not (page.rects or page.lines or page.curves):
        return []
    chars = [char for char in page.chars if char["upright"]]
    tables = sorted(page.find_tables(), key=lambda table: float(table.bbox[1]))
    return [_grid(table, [char for char in chars if inside(char, table.bbox)]) for table in tables]


def inside(char: Char, box: Box) -> bool:
    """Tell whether the middle of a character lies in a box."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _grid(table: Table, chars: list[Char]) -> Grid:
    boxes: list[Box] = sorted(table.cells, key=lambda cell: (cell[1], cell[0]))
    lines = {box: lines_of([char for char in chars if inside(char, box)]) for box in boxes}
    indents = [line.x0 - box[0] for box in boxes for line in lines[box]]
    padding = max(0.0, min([_PADDING, *indents]))
    return Grid(table.bbox, tuple(_cell(box, lines[box], padding) for box in boxes))


def _cell(box: Box, lines: list[Line], padding: float) -> _Cell:
    column = Column(box[0] + padding, box[2] - padding, is_cell=True)
    if not lines:
        return _Cell(box, "", cut=False)
    last = lines[-1]
    at_rule = box[3] - last.bottom < last.size
    full = column.right - column.left - (last.x1 - last.x0) < 2 * last.size
    return _Cell(box, "\n".join(paragraphs(lines, column)), cut=at_rule and full)


def _edges(grids: Sequence[Grid]) -> list[float]:
    return _distinct([cell.box[0] for grid in grids for cell in grid.cells])


def _distinct(values: list[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _SLACK:
            kept.append(value)
    return kept


def rows_of(grids: Sequence[Grid]) -> list[list[str]]:
    """Return the rows of one table from its parts on successive pages.

    Heads printed anew are left out; a row cut by a page's end becomes one again; a cell that spans the cut is
    repeated in the rows of both pages.
    """
    edges = _edges(grids)
    rows: list[list[_Cell]] = []
    for grid in grids:
        part = _places(grid, edges)
        repeated = _repeated(rows, part) if rows else 0
        _append(rows, part[repeated:])
    return [[cell.text for cell in row] for row in rows]


def _places(grid: Grid, edges: list[float]) -> list[list[_Cell]]:
    """Return the cell at every place; a cell that spans several stands in each."""
    tops = _distinct([cell.box[1] for cell in grid.cells])
    nothing = _Cell(grid.box, "", cut=False)
    return [[next((c for c in grid.cells if _covers(c.box, x, y)), nothing) for x in edges] for y in tops]


def _covers(box: Box, left: float, top: float) -> bool:
    x, y = left + _SLACK / 2, top + _SLACK / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _repeated(rows: list[list[_Cell]], part: list[list[_Cell]]) -> int:
    """Return how many rows at the top of a part are the table's head printed anew."""
    same = 0
    for above, below in zip(rows, part, strict=False):
        if [cell.text for cell in above] != [cell.text for cell in below]:
            break
        same += 1
    return same


def _append(rows: list[list[_Cell]], part: list[list[_Cell]]) -> None:
    """Add a page's rows; cells of its first row that go on with the last row's become those."""
    if rows and part:
        pairs = list(zip(rows[-1], part[0], strict=True))
        goes_on = {id(below): above for above, below in pairs if not below.text or above.cut}
        whole_row = all(id(below) in goes_on for _, below in pairs)
        for above, below in {id(below): (above, below) for above, below in pairs}.values():
            if id(below) in goes_on:
                above.text, above.cut = above.text + below.text, below.cut
        part = [[goes_on.get(id(cell), cell) for cell in row] for row in part[whole_row:]]
    rows.extend(part)
