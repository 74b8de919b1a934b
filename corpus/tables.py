"""Tables as they arrive → tables with named columns.

Rows come from the reader, or are put together again where a web page was saved with one cell a paragraph. What a column
means is told by its head (``data/responsibility.toml``, ``data/indicators.toml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.blocks import Block, Paragraph, Row
from corpus.datafiles import load

_YEAR = re.compile(
    r"^[（(]?(?P<year>20[0-9]{2})(?:年底?)?[）)]?(?:目标值?|现状值?|基期值?|完成值?|指标值?|预期值?)?(?:[（(][^）)]*[）)])?$"
)
_YEAR_PREFIX = re.compile(r"^20[0-9]{2}年?底?")
_CELL_LENGTH = 60
_FEWEST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under one head; ``columns`` gives each column's meaning, '' where it has none known."""

    columns: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int


def year_of(head: str) -> int | None:
    """Return the year that a column head names (2027年目标值 → 2027), or None."""
    found = _YEAR.match(_squeeze(head))
    return int(found["year"]) if found else None


def _squeeze(text: str) -> str:
    return re.sub(r"[\s　]+", "", text)


@cache
def _meanings() -> dict[str, str]:
    """Column head → meaning: number, group, task, status, scope, name, counter, nature, or a role with ``unit:``."""
    data = load("responsibility")
    found: dict[str, str] = {}
    for column, heads in data["columns"].items():
        found |= dict.fromkeys(heads, column)
    found |= {head: f"unit:{role}" for role, heads in data["labels"].items() if role != "deadline" for head in heads}
    found |= dict.fromkeys(data["labels"]["deadline"], "deadline")
    return found | {head: meaning for meaning, heads in load("indicators")["columns"].items() for head in heads}


def meaning(head: str) -> str:
    """Return what a column head means, '' where it is not known."""
    head = _squeeze(head)
    if year_of(head) is not None:
        return f"year:{year_of(head)}"
    head = _YEAR_PREFIX.sub("", head) if head not in _meanings() else head
    fits = [(len(known), found) for known, found in _meanings().items() if head == known or head.startswith(known)]
    return max(fits)[1] if fits else ""


def is_head(cells: tuple[str, ...]) -> bool:
    """Whether a row names columns: at least two heads are known and one tells units, a task or an indicator."""
    found = [meaning(cell) for cell in cells]
    told = any(one.startswith("unit:") or one in ("task", "name", "group") for one in found)
    return (
        told
        and sum(bool(one) for one in found) * 2 > len([cell for cell in cells if cell])
        and len(set(found) - {""}) >= _FEWEST_COLUMNS
    )


def join_cells(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Put tables together again that arrived as one cell a paragraph: a head from 序号 on, then rows that count up."""
    done: list[Block] = []
    at = 0
    tables = 1000
    while at < len(blocks):
        width = _head_width(blocks, at)
        if not width:
            done.append(blocks[at])
            at += 1
            continue
        tables += 1
        taken = _counted_rows(blocks, at, width)
        cells = [block.text for block in blocks[at : at + taken] if isinstance(block, Paragraph)]
        starts = range(0, taken, width)
        done += [Row(tuple(cells[start : start + width]), blocks[at + start].line, tables) for start in starts]
        at += taken
    return tuple(done)


def _head_width(blocks: tuple[Block, ...], at: int) -> int:
    """Return how many heads begin at a paragraph 序号 and end before the paragraph 1; 0 without such a table."""
    heads: list[str] = []
    for block in blocks[at:]:
        if not isinstance(block, Paragraph) or len(block.text) > _CELL_LENGTH:
            return 0
        if not heads and meaning(block.text) != "number":
            return 0
        if block.text == "1":
            return len(heads) if is_head(tuple(heads)) else 0
        heads.append(block.text)
    return 0


def _counted_rows(blocks: tuple[Block, ...], at: int, width: int) -> int:
    """How many paragraphs from ``at`` belong to the table: the head and every full row that counts on."""
    taken, expected = width, 1
    while at + taken + width <= len(blocks):
        first = blocks[at + taken]
        row = blocks[at + taken : at + taken + width]
        if not (isinstance(first, Paragraph) and first.text == str(expected)):
            break
        if not all(isinstance(block, Paragraph) for block in row):
            break
        taken, expected = taken + width, expected + 1
    return taken


def read_table(rows: tuple[Row, ...]) -> Table | None:
    """Return the rows of one table under their columns, or None when no row names them."""
    for number, row in enumerate(rows[:3]):
        if not is_head(row.cells):
            continue
        columns = [meaning(cell) for cell in row.cells]
        heads = list(row.cells)
        body = list(rows[number + 1 :])
        while body and _is_second_head(body[0], len(columns)):
            for column, cell in enumerate(body[0].cells):
                if cell and not (columns[column] and meaning(cell).startswith("year:")):
                    columns[column], heads[column] = meaning(cell) or columns[column], cell
            del body[0]
        return Table(tuple(columns), tuple(heads), tuple(body), row.line)
    return None


def _is_second_head(row: Row, width: int) -> bool:
    filled = [cell for cell in row.cells if cell]
    return len(row.cells) == width and bool(filled) and all(meaning(cell) for cell in filled)
