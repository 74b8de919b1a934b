"""Tables as text (.csv) → blocks, whatever parts their cells: a comma, a semicolon or a tab."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from corpus.readers.document import BlockList, Document, ReadError
from corpus.readers.grid import add_grid
from corpus.readers.limits import COLUMNS, TABLE_CELLS, TABLE_CHARACTERS
from corpus.readers.tables import TableSize
from corpus.readers.text import text_of

_SEPARATORS = ",;\t"


def read_csv(path: Path) -> Document:
    """Return the blocks of a .csv; ReadError when its bytes are no text or hold more than any table."""
    text = text_of(path, path.read_bytes())
    separator = max(_SEPARATORS, key=text.count)
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(map(str.strip, row))
        ]
    except csv.Error as error:
        raise ReadError("damaged", name=path.name, form="csv") from error
    width = max(map(len, rows), default=0)
    if width > COLUMNS:
        raise ReadError("huge_table", cells=TABLE_CELLS, characters=TABLE_CHARACTERS)
    size = TableSize()
    grid: list[list[str]] = []
    for row in rows:
        grid.append([*map(str.strip, row), *[""] * (width - len(row))])
        size.add(grid[-1])
    out = BlockList()
    add_grid(out, grid)
    return Document(tuple(out.blocks))
