"""Task tables: a row is a clause, with the group it stands in, the state at the start and the units beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.blocks import Row
from corpus.model import UnitRef
from corpus.numbering import parse_mark
from corpus.table_units import row_units
from corpus.tables import Table

_OWN_NUMBER = re.compile(r"^(?P<number>[0-9]+(?:[.．][0-9]+)+)[.．]?[ 　]*(?![0-9%％])")
_CONTENT = ("task", "group")
_FEWEST_CELLS = 3
_SPANNING = ("number", "group", "status")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of the table."""

    number: str
    """Its own number (4.2.2) or that of the number column; empty where there is none."""
    headings: tuple[str, ...]
    """Section and group headings above it, as printed."""
    title: str
    """Text of the group column when each row has its own; else empty."""
    body: str
    text: str
    status: str
    """The state at the start, of the whole group."""
    status_line: int
    status_head: str
    units: tuple[UnitRef, ...]
    deadline: str
    line: int


def is_task_table(table: Table) -> bool:
    """Whether the table has units and something to be done."""
    return any(column.startswith("unit:") for column in table.columns) and any(one in table.columns for one in _CONTENT)


@dataclass(slots=True)
class _Above:
    """What the rows above have left standing for the row at hand."""

    section: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    """The last filled cell of each column that spans rows."""
    units: tuple[str, ...] = ()
    """The last row's unit cells, in the order of the columns."""
    status_line: int = 0

    def open_section(self, heading: str) -> None:
        self.section, self.cells, self.units = heading, {}, ()

    def take(self, cells: dict[str, str], line: int) -> None:
        """Remember the spanning cells of a row; one repeated in every row it spans keeps the line it began at."""
        group = {column: cells[column] for column in _SPANNING if cells.get(column)}
        if any(self.cells.get(column) != group.get(column, "") for column in ("status", "group") if "status" in group):
            self.status_line = line
        self.cells |= group


def task_rows(table: Table) -> Iterator[TaskRow]:
    """Yield the table's tasks in order; section rows and group cells become headings."""
    above = _Above()
    for row in table.rows:
        filled = [cell for cell in dict.fromkeys(row.cells) if cell]
        if not filled:
            continue
        if _is_section(row, table):
            above.open_section("".join(filled))
            continue
        cells = _by_column(table, row)
        above.take(cells, row.line)
        yield _row(table, _with_units(table, row, above), cells, above)


def _by_column(table: Table, row: Row) -> dict[str, str]:
    """Map each meaning to the row's cells under it, several of them joined by line ends."""
    found: dict[str, list[str]] = {}
    for column, cell in _cells(table, row):
        if cell and cell not in found.setdefault(column, []):
            found[column].append(cell)
    return {column: "\n".join(cells) for column, cells in found.items()}


def _with_units(table: Table, row: Row, above: _Above) -> Row:
    """Return the row with the units of the row above, where its own cells are part of one that spans both."""
    at = [number for number, column in enumerate(table.columns) if column.startswith("unit:")]
    cells = [*row.cells, *[""] * (len(table.columns) - len(row.cells))]
    if any(cells[number] for number in at):
        above.units = tuple(cells[number] for number in at)
    elif above.units:
        for number, cell in zip(at, above.units, strict=True):
            cells[number] = cell
    return Row(tuple(cells), row.line, row.table)


def _is_section(row: Row, table: Table) -> bool:
    """Whether the row heads those below it: one cell over all columns, or only number and group are filled."""
    if len(row.cells) < min(len(table.columns), _FEWEST_CELLS):
        return True
    if [column for column, cell in _cells(table, row) if cell] == ["task"]:
        return False
    cells = row.cells[: len(table.columns)]
    if len({cell for cell in cells if cell}) == 1:
        return True
    filled = {table.columns[at] for at, cell in enumerate(cells) if cell and cell not in cells[:at]}
    return "task" in table.columns and filled <= {"number", "group"}


def _row(table: Table, row: Row, cells: dict[str, str], above: _Above) -> TaskRow:
    content = cells.get("task") or cells.get("group", "")
    own = _OWN_NUMBER.match(content)
    number = above.cells.get("number", "")
    group = above.cells.get("group", "") if "task" in table.columns else ""
    grouped = bool(group) and (bool(own) or bool(parse_mark(number)))
    skip = {"status", "number", "group"} if grouped else {"status"}
    headings = (above.section, number + group if grouped else "")
    return TaskRow(
        number=own["number"].replace("．", ".") if own else number,
        headings=tuple(heading.replace("\n", " ") for heading in headings if heading),
        title="" if grouped else group.replace("\n", " "),
        body=content[own.end() :] if own else content,
        text="\n".join(cell for column, cell in _cells(table, row) if cell and column not in skip),
        status=above.cells.get("status", ""),
        status_line=above.status_line,
        status_head=_head(table, "status"),
        units=row_units(table, row),
        deadline=cells.get("deadline", ""),
        line=row.line,
    )


def _cells(table: Table, row: Row) -> Iterator[tuple[str, str]]:
    """Yield the meaning and text of each cell, '' as meaning where the row is longer than the head."""
    for at, cell in enumerate(row.cells):
        yield table.columns[at] if at < len(table.columns) else "", cell


def _head(table: Table, wanted: str) -> str:
    return next((head for head, column in zip(table.heads, table.columns, strict=True) if column == wanted), "")
