"""Ruled tables of a PDF: every place of the grid filled, and the parts of one table on several pages joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pdfplumber.page import Page
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from corpus.datafiles import load
from corpus.readers.pdf_lines import Char, PdfColumn, PdfLine, lines_of, paragraphs

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points."""

_PADDING = 8.0
"""Most room between a cell's rule and its text; Word's default is 5.4 points."""
_FULL = 1.2
"""A line with less room than this, in type sizes, behind it is full."""
_SLACK = 3.0
"""How far rules that belong together may stand apart."""


@dataclass(slots=True)
class PdfCell:
    """A cell on one page; a cell that the page's end cuts has one such part on each page."""

    box: Box
    text: str
    lines: tuple[PdfLine, ...]
    column: PdfColumn

    def cut_before(self, below: PdfCell) -> bool:
        """Tell whether the last line stands at the lower rule and is full, so that the text may go on in ``below``."""
        if not self.lines or not below.lines:
            return False
        last = self.lines[-1]
        return self.box[3] - last.bottom < last.size and self.column.room(last, below.lines[0]) < _FULL

    @property
    def unfinished(self) -> bool:
        """Whether its text stops inside a sentence."""
        return self.text[-1:] not in load("page_marks")["paragraph_end"]

    def add(self, below: PdfCell) -> None:
        """Take in the part on the next page."""
        self.text += below.text
        self.box, self.lines = below.box, below.lines or self.lines

    def spans(self, rows: list[list[PdfCell]]) -> bool:
        """Tell whether it covers several of the rows."""
        return sum(any(cell is self for cell in row) for row in rows) > 1

    def is_blank(self, rows: list[list[PdfCell]]) -> bool:
        """Tell whether it is an empty cell of one row."""
        return not self.text and not self.spans(rows)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on one page."""

    box: Box
    cells: tuple[PdfCell, ...]

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
    return [_grid(table.bbox, table.cells, chars) for table in tables]


def grids_between(rules: Sequence[Box], chars: Sequence[Char]) -> list[Grid]:
    """Return the tables that thin boxes, the rules of a page, make around the characters, from the top down."""
    edges = [_edge(rule) for rule in rules]
    merged = merge_edges(edges, _SLACK, _SLACK, _SLACK, _SLACK)
    cells = intersections_to_cells(edges_to_intersections(merged, _SLACK, _SLACK))
    grids = []
    for table in cells_to_tables(cells):
        lefts, tops, rights, bottoms = zip(*table, strict=True)
        grids.append(_grid((min(lefts), min(tops), max(rights), max(bottoms)), table, chars))
    return sorted(grids, key=lambda grid: grid.box[1])


def _edge(rule: Box) -> Char:
    """Return a rule as pdfplumber keeps one: level or upright, without thickness."""
    x0, top, x1, bottom = rule
    if x1 - x0 >= bottom - top:
        middle = (top + bottom) / 2
        return {"x0": x0, "x1": x1, "top": middle, "bottom": middle, "width": x1 - x0, "orientation": "h"}
    middle = (x0 + x1) / 2
    return {"x0": middle, "x1": middle, "top": top, "bottom": bottom, "height": bottom - top, "orientation": "v"}


def inside(char: Char, box: Box) -> bool:
    """Tell whether the middle of a character lies in a box."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _grid(bbox: Box, cells: Sequence[Box], chars: Sequence[Char]) -> Grid:
    chars = [char for char in chars if inside(char, bbox)]
    boxes: list[Box] = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    lines = {box: lines_of([char for char in chars if inside(char, box)]) for box in boxes}
    indents = [line.x0 - box[0] for box in boxes for line in lines[box]]
    padding = max(0.0, min([_PADDING, *indents]))
    return Grid(bbox, tuple(_cell(box, lines[box], padding) for box in boxes))


def _cell(box: Box, lines: list[PdfLine], padding: float) -> PdfCell:
    column = PdfColumn(box[0] + padding, box[2] - padding, is_cell=True)
    return PdfCell(box, "\n".join(paragraphs(lines, column)), tuple(lines), column)


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
    parts = [_places(grid, edges) for grid in grids]
    blank = {column for part in parts for row in part[1:] for column, cell in enumerate(row) if cell.is_blank(part)}
    rows = parts[0]
    for part in parts[1:]:
        _append(rows, part[_repeated(rows, part) :], blank)
    return [[cell.text for cell in row] for row in rows]


def _places(grid: Grid, edges: list[float]) -> list[list[PdfCell]]:
    """Return the cell at every place; a cell that spans several stands in each."""
    tops = _distinct([cell.box[1] for cell in grid.cells])
    nothing = _cell(grid.box, [], 0)
    return [[next((c for c in grid.cells if _covers(c.box, x, y)), nothing) for x in edges] for y in tops]


def _covers(box: Box, left: float, top: float) -> bool:
    x, y = left + _SLACK / 2, top + _SLACK / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _repeated(rows: list[list[PdfCell]], part: list[list[PdfCell]]) -> int:
    """Return how many rows at the top of a part are the table's head printed anew."""
    same = 0
    for above, below in zip(rows, part, strict=False):
        if [cell.text for cell in above] != [cell.text for cell in below]:
            break
        same += 1
    return same


def _append(rows: list[list[PdfCell]], part: list[list[PdfCell]], blank: set[int]) -> None:
    """Add a page's rows; cells of its first row that go on with the last row's become those.

    ``blank`` are the columns that have empty cells within a page too: there an empty cell goes on with nothing.
    """
    if not part:
        return
    pairs = list(enumerate(zip(rows[-1], part[0], strict=True)))
    whole_row = all(not below.text or above.cut_before(below) for _, (above, below) in pairs)
    goes_on: dict[int, PdfCell] = {}
    for column, (above, below) in pairs:
        spans = above.spans(rows) or below.spans(part)
        nothing_of_its_own = not below.text and (spans or column not in blank)
        if whole_row or nothing_of_its_own or (spans and above.unfinished and above.cut_before(below)):
            goes_on[id(below)] = above
    for above, below in {id(below): (above, below) for _, (above, below) in pairs if id(below) in goes_on}.values():
        above.add(below)
    rows.extend([[goes_on.get(id(cell), cell) for cell in row] for row in part[whole_row:]])
