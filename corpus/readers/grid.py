"""The places of a worksheet → blocks: lines above a table and notes below it are paragraphs, the rest its rows.

A sheet may hold several tables; where a row names columns anew, the lines above that row stand between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from corpus.readers.document import BlockList
from corpus.structure.tables import is_head

_HEAD_WITHIN = 8
"""Lines above the first table of a sheet, its title and remarks, are no more than this."""
_SHARED = 2
"""So many cells that span a row and the head below it make the row a part of the head."""


def add_grid(out: BlockList, rows: Sequence[Sequence[str]], name: str = "") -> None:
    """Add a sheet, its ``name`` as a heading above its first table."""
    first = _first_row(rows)
    for row in rows[:first]:
        out.paragraph(_line(row))
    if name:
        out.paragraph(name, 1)
    table: list[Sequence[str]] = []
    at = first
    while at < len(rows):
        between = list(takewhile(_single, rows[at:]))
        end = at + len(between)
        if between and table and (end == len(rows) or is_head(tuple(rows[end]))):
            _end(out, table)
            table = []
            for row in between:
                out.paragraph(_line(row))
        else:
            table += between
        table += rows[end : end + 1]
        at = end + 1
    _end(out, table)


def _end(out: BlockList, table: list[Sequence[str]]) -> None:
    if table:
        out.table(table)


def _first_row(rows: Sequence[Sequence[str]]) -> int:
    """Return where the first table begins: at its head, else below the lines of one cell."""
    head = next((at for at, row in enumerate(rows[:_HEAD_WITHIN]) if is_head(tuple(row))), None)
    if head is None:
        return len(list(takewhile(_single, rows)))
    while head and _shared(rows[head - 1], rows[head]) >= _SHARED:
        head -= 1
    return head


def _shared(above: Sequence[str], head: Sequence[str]) -> int:
    return 0 if _single(above) else sum(bool(one) and one == other for one, other in zip(above, head, strict=True))


def _single(row: Sequence[str]) -> bool:
    """Whether a row is one cell, alone or over several columns."""
    return len(set(filter(None, row))) == 1


def _line(row: Sequence[str]) -> str:
    return "\u3000".join(dict.fromkeys(filter(None, row)))
