"""Laying out a table whose cells span rows and columns: what spans a place is repeated in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.readers.document import ReadError
from corpus.readers.limits import COLUMNS, TABLE_CELLS, TABLE_CHARACTERS


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written, and how many rows and columns it covers (a row span of 0: to the end of the table)."""

    text: str
    rows: int = 1
    columns: int = 1


class TableSize:
    """Adds up a table's rows and raises ReadError when there is more than in any real one."""

    def __init__(self) -> None:
        """Start with no rows."""
        self._cells = self._characters = 0

    def add(self, row: Iterable[str]) -> None:
        """Count a row, what spans it included."""
        for text in row:
            self._cells += 1
            self._characters += len(text)
        if self._cells > TABLE_CELLS or self._characters > TABLE_CHARACTERS:
            raise ReadError("huge_table", cells=TABLE_CELLS, characters=TABLE_CHARACTERS)


def lay_out(rows: list[list[Cell]]) -> list[list[str]]:
    """Return the table's places row by row, all of one width; places that no cell covers are empty."""
    grid: list[list[str]] = []
    size = TableSize()
    below: dict[int, tuple[str, int]] = {}
    for row in rows:
        places: dict[int, str] = {column: text for column, (text, _) in below.items()}
        below = {column: (text, left - 1) for column, (text, left) in below.items() if left > 1}
        column = 0
        for cell in row:
            while column in places:
                column += 1
            for place in range(column, column + min(max(cell.columns, 1), COLUMNS)):
                places[place] = cell.text
                if cell.rows != 1:
                    below[place] = (cell.text, (cell.rows or len(rows)) - 1)
        grid.append([places.get(place, "") for place in range(max(places, default=-1) + 1)])
        size.add(grid[-1])
    width = max(map(len, grid), default=0)
    return [line + [""] * (width - len(line)) for line in grid]
