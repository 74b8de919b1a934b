"""Tables as they arrive → tables with named columns.

Rows come from the reader, or are put together again where a web page was saved with one cell a paragraph. What a column
means is told by its head (``data/responsibility.toml``, ``data/indicators.toml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.blocks import Row
from corpus.datafiles import load

_YEAR = re.compile(r"^[（(“]?(?:到|至)?(?P<year>20[0-9]{2})(?!年?情况)年?(?:底|末)?[^0-9]{0,12}$")
_YEAR_PREFIX = re.compile(r"^20[0-9]{2}年?底?")
_FEWEST_COLUMNS = 2
HEAD_ROWS = 3
"""A table names its columns within so many rows."""
_SHORT_HEAD = 2
"""Heads so short (责任, 单位) count only alone."""


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
    for role, heads in data["labels"].items():
        found |= dict.fromkeys(heads, {"deadline": "deadline", "person": "scope"}.get(role, f"unit:{role}"))
    for column, heads in load("indicators")["columns"].items():
        found |= dict.fromkeys(heads, column)
    return found


@lru_cache(maxsize=4096)
def meaning(head: str) -> str:
    """Return what a column head means, '' where it is not known."""
    head = _squeeze(head)
    rest = _YEAR_PREFIX.sub("", head)
    year = year_of(head)
    if year is not None and rest not in _meanings():
        return f"year:{year}"
    head = head if head in _meanings() else rest
    head = head if head in _meanings() else re.sub("[（(][^（）()]*[）)]$", "", head)
    if head in _meanings():
        return _meanings()[head]
    lengths = range(min(len(head), _longest_head()), _SHORT_HEAD, -1)
    return next((_meanings()[head[:length]] for length in lengths if head[:length] in _meanings()), "")


@cache
def _longest_head() -> int:
    return max(map(len, _meanings()))


def is_head(cells: tuple[str, ...]) -> bool:
    """Whether a row names columns: at least two heads are known and one tells units, a task or an indicator."""
    found = [meaning(cell) for cell in cells]
    told = any(one.startswith("unit:") or one in ("task", "name", "group") for one in found)
    return (
        told
        and sum(bool(one) for one in found) * 2 > len([cell for cell in cells if cell])
        and len(set(found) - {""}) >= _FEWEST_COLUMNS
    )


def read_table(rows: tuple[Row, ...]) -> Table | None:
    """Return the rows of one table under their columns, or None when no row names them."""
    for number, row in enumerate(rows[:HEAD_ROWS]):
        if is_head(row.cells):
            return _under(row, rows[number + 1 :])
    return None


def _under(head: Row, below: tuple[Row, ...]) -> Table:
    columns = [meaning(cell) for cell in head.cells]
    heads = list(head.cells)
    body = list(below)
    while body and _is_second_head(body[0], len(columns)):
        for column, cell in enumerate(body[0].cells):
            if cell and not (columns[column] and meaning(cell).startswith("year:") and _keeps(columns[column])):
                columns[column], heads[column] = meaning(cell) or columns[column], cell
        del body[0]
    rows = tuple(row for row in body if row.cells != head.cells)
    return Table(tuple(columns), tuple(heads), rows, head.line)


def _keeps(column: str) -> bool:
    """Whether a column is still what its spanning head says, with a year below it (任务目标 over 2027年)."""
    return column in {"task", "status"} or column.startswith("unit:")


def _is_second_head(row: Row, width: int) -> bool:
    filled = [cell for cell in row.cells if cell]
    return len(row.cells) == width and bool(filled) and all(meaning(cell) for cell in filled)
