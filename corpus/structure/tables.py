"""Tables as they arrive → tables with named columns.

Rows come from the reader, or are put together again where a web page was saved with one cell a paragraph. What a column
means is told by its head (``data/responsibility.toml``, ``data/indicators.toml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.blocks import TableRow
from corpus.datafiles import load
from corpus.model import Role
from corpus.offices import labels
from corpus.offices.unit_lists import is_office

_YEAR = re.compile(r"^[（(“]?(?:到|至)?(?P<year>20[0-9]{2})(?!年?情况)年?(?:底|末)?[^0-9]{0,12}$")
_YEAR_PREFIX = re.compile(r"^20[0-9]{2}年?底?")
_FEWEST_COLUMNS = 2
HEAD_ROWS = 3
"""A table names its columns within so many rows."""
_FEWEST_HEADS = 3
_LONGEST_LABEL = 14
_SHORT_HEAD = 2
"""Heads so short (责任, 单位) count only alone."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under one head; ``columns`` gives each column's meaning, '' where it has none known."""

    columns: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]
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
    if two := _two_roles(head) if head not in _meanings() else "":
        return two
    head = head if head in _meanings() else re.sub("[（(][^（）()]*[）)]$", "", head)
    if head in _meanings():
        return _meanings()[head]
    return _by_prefix(head) or _by_form(head)


def _by_prefix(head: str) -> str:
    lengths = range(min(len(head), _longest_head()), _SHORT_HEAD, -1)
    return next((_meanings()[head[:length]] for length in lengths if head[:length] in _meanings()), "")


def _by_form(head: str) -> str:
    """Return what an unlisted head means by its ending (市级牵头单位), '' for a sentence or an unknown word."""
    forms = load("responsibility")["label_forms"]
    if len(head) > _LONGEST_LABEL or not head.endswith((*forms["unit"], *forms["deadline"])):
        return ""
    kind = labels.kind_of(head)
    return {labels.DEADLINE: "deadline", labels.PERSON: "scope", labels.OTHER: ""}.get(kind, f"unit:{kind}")


def _two_roles(head: str) -> str:
    """Return the meaning of a head that stands over units of two roles (牵头单位/配合单位), '' for any other."""
    ending = "|".join(load("responsibility")["label_forms"]["unit"])
    found = re.fullmatch(
        rf"(?P<one>[^\W\d_]{{2,6}}?(?:{ending}))[/、和及与（(]?(?P<other>[^\W\d_]{{2,6}}?(?:{ending}))[）)]?", head
    )
    if found is None:
        return ""
    one, other = (labels.kind_of(found[name]) for name in ("one", "other"))
    return f"unit:{one}+{other}" if one != other and {one, other} <= set(Role) else ""


@cache
def _longest_head() -> int:
    return max(map(len, _meanings()))


def is_head(cells: tuple[str, ...]) -> bool:
    """Whether a row names columns: at least two heads are known and one tells units, a task or an indicator."""
    found = [meaning(cell) for cell in cells]
    told = any(one.startswith("unit:") or one in ("task", "name", "group") for one in found)
    return _names_units(cells, found) or (
        told
        and sum(bool(one) for one in found) * 2 > len([cell for cell in cells if cell])
        and len(set(found) - {""}) >= _FEWEST_COLUMNS
    )


def _names_units(cells: tuple[str, ...], meanings: list[str]) -> bool:
    """Whether a row of short words has one for units: then it names columns, whatever the others are called."""
    filled = [cell for cell in dict.fromkeys(cells) if cell]
    short = all(len(_squeeze(cell)) <= _LONGEST_LABEL and not re.search("[。；0-9]", cell) for cell in filled)
    heads = [cell for cell, one in zip(cells, meanings, strict=True) if one.startswith("unit:") or one == "counter"]
    others = [cell for cell in filled if cell not in heads]
    return short and bool(heads) and len(filled) >= _FEWEST_HEADS and not any(map(is_office, others))


def read_table(rows: tuple[TableRow, ...]) -> Table | None:
    """Return the rows of one table under their columns, or None when no row names them."""
    at = head_at(rows)
    return None if at is None else _under(rows[at], rows[at + 1 :])


def head_at(rows: tuple[TableRow, ...]) -> int | None:
    """Return which of a table's first rows names its columns, None where none does."""
    return next((at for at, row in enumerate(rows[:HEAD_ROWS]) if is_head(row.cells)), None)


def _under(head: TableRow, below: tuple[TableRow, ...]) -> Table:
    columns = [meaning(cell) for cell in head.cells]
    heads = list(head.cells)
    body = list(below)
    while body and _is_second_head(body[0], heads):
        for column, cell in enumerate(body[0].cells):
            spanning = heads.count(heads[column]) > 1
            keeps = columns[column] and meaning(cell).startswith("year:") and _keeps(columns[column])
            if cell and not (keeps and not spanning):
                columns[column], heads[column] = meaning(cell) or columns[column], cell
        del body[0]
    rows = tuple(row for row in body if row.cells != head.cells)
    return Table(tuple(columns), tuple(heads), rows, head.line)


def _keeps(column: str) -> bool:
    """Whether a column is still what its spanning head says, with a year below it (任务目标 over 2027年)."""
    return column in {"task", "status"} or column.startswith("unit:")


def _is_second_head(row: TableRow, heads: list[str]) -> bool:
    """Whether a row goes on with the head: each cell is known, or repeats the cell that spans it from above.

    Where two cells at least are so spanned, others below one that spans columns may be any words.
    """
    filled = [(cell, head) for cell, head in zip(row.cells, heads, strict=False) if cell]
    if len(row.cells) != len(heads) or not filled or tuple(row.cells) == tuple(heads):
        return False
    spanned = sum(cell == head for cell, head in filled)
    parts = [head for cell, head in filled if cell != head]
    divided = spanned >= _FEWEST_COLUMNS and all(parts.count(head) > 1 for head in parts)
    return divided or all(cell == head or meaning(cell) for cell, head in filled)
