"""Task tables: a row is a clause, with the group it stands in, the state at the start and the units beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus.blocks import TableRow
from corpus.datafiles import load
from corpus.model import UnitRef
from corpus.notation.numbering import parse_mark
from corpus.offices.roles import is_whole_due
from corpus.offices.unit_lists import is_unit_list
from corpus.structure.table_units import row_units
from corpus.structure.tables import Table

_OWN_NUMBER = re.compile(r"^(?P<number>[0-9]+(?:[.．][0-9]+)+)[.．]?[ 　]*(?![0-9%％])")
_CONTENT = ("task", "group")
_FEWEST_CELLS = 3
_MUCH_LONGER = 1.5
"""So much longer than those under a known head are the cells of the column that says what to do."""
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
    strange: tuple[str, ...]
    """What stands in a unit's place without being one."""
    deadline: str
    line: int


def as_task_table(table: Table) -> Table | None:
    """Return the table with a column of units and one of what is to be done, or None where it has no units.

    Where no head is known as that of the tasks, the column with the longest cells is theirs.
    """
    table = _with_due_column(_with_unit_column(table))
    if not any(column.startswith("unit:") for column in table.columns):
        return None
    return _filled_down(_with_longer_column(table) if "task" in table.columns else _with_task_column(table))


def _with_unit_column(table: Table) -> Table:
    """Return the table with a column 单位 as one of units where units stand below it."""
    columns = tuple(
        "unit:responsible" if column == "counter" and _all_units(_below(table, at)) else column
        for at, column in enumerate(table.columns)
    )
    return table if any(one.startswith("unit:") for one in table.columns) else replace(table, columns=columns)


def _with_due_column(table: Table) -> Table:
    """Return the table with a column of due times and nothing else as that of the deadlines, whatever its head."""
    if "deadline" in table.columns:
        return table
    dues = [at for at, column in enumerate(table.columns) if not column and _all_dues(_below(table, at))]
    columns = tuple("deadline" if at in dues[-1:] else column for at, column in enumerate(table.columns))
    return replace(table, columns=columns)


def _all_dues(cells: list[str]) -> bool:
    return bool(cells) and all(map(is_whole_due, cells))


def _all_units(cells: list[str]) -> bool:
    return bool(cells) and all(map(is_unit_list, cells))


def _below(table: Table, at: int) -> list[str]:
    """Return the filled cells of a column."""
    return [row.cells[at] for row in table.rows if at < len(row.cells) and row.cells[at]]


def _with_longer_column(table: Table) -> Table:
    """Return the table with a column of unknown head and much longer cells as one more of what is to be done."""
    known = max(_mean_length(table, at) for at, column in enumerate(table.columns) if column == "task")
    columns = (
        "task" if not column and _mean_length(table, at) >= _MUCH_LONGER * known else column
        for at, column in enumerate(table.columns)
    )
    return replace(table, columns=tuple(columns))


def _with_task_column(table: Table) -> Table:
    columns = list(table.columns)
    lengths = {at: _mean_length(table, at) for at, column in enumerate(columns) if column in ("", "group", "name")}
    longest = max(lengths, key=lambda at: lengths[at], default=None)
    if longest is None or not lengths[longest]:
        return table
    known = [at for at, column in enumerate(columns) if column in _CONTENT]
    if known and lengths[longest] < _MUCH_LONGER * max(lengths[at] for at in known):
        return table
    columns[longest] = "task"
    before = [at for at in lengths if at < longest]
    if before and "group" not in columns:
        columns[before[-1]] = "group"
    return replace(table, columns=tuple(columns))


def _mean_length(table: Table, at: int) -> float:
    cells = _below(table, at)
    return sum(map(len, cells)) / len(cells) if cells else 0.0


def _filled_down(table: Table) -> Table:
    """Return the table with what stands above in the place of every 同上."""
    ditto = load("responsibility")["cells"]["ditto"]
    above: dict[int, str] = {}
    rows = []
    for row in table.rows:
        cells = tuple(above.get(at, cell) if cell in ditto else cell for at, cell in enumerate(row.cells))
        above |= {at: cell for at, cell in enumerate(cells) if cell}
        rows.append(replace(row, cells=cells))
    return replace(table, rows=tuple(rows))


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


def _by_column(table: Table, row: TableRow) -> dict[str, str]:
    """Map each meaning to the row's cells under it, several of them joined by line ends."""
    found: dict[str, list[str]] = {}
    for column, cell in _cells(table, row):
        if cell and cell not in found.setdefault(column, []):
            found[column].append(cell)
    return {column: "\n".join(cells) for column, cells in found.items()}


def _with_units(table: Table, row: TableRow, above: _Above) -> TableRow:
    """Return the row with the units of the row above, where its own cells are part of one that spans both."""
    at = [number for number, column in enumerate(table.columns) if column.startswith("unit:")]
    cells = [*row.cells, *[""] * (len(table.columns) - len(row.cells))]
    if any(cells[number] for number in at):
        above.units = tuple(cells[number] for number in at)
    elif above.units:
        for number, cell in zip(at, above.units, strict=True):
            cells[number] = cell
    return TableRow(tuple(cells), row.line, row.table)


def _is_section(row: TableRow, table: Table) -> bool:
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


def _row(table: Table, row: TableRow, cells: dict[str, str], above: _Above) -> TaskRow:
    found = row_units(table, row)
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
        units=found.units,
        strange=found.strange,
        deadline=cells.get("deadline", ""),
        line=row.line,
    )


def _cells(table: Table, row: TableRow) -> Iterator[tuple[str, str]]:
    """Yield the meaning and text of each cell, '' as meaning where the row is longer than the head."""
    for at, cell in enumerate(row.cells):
        yield table.columns[at] if at < len(table.columns) else "", cell


def _head(table: Table, wanted: str) -> str:
    return next((head for head, column in zip(table.heads, table.columns, strict=True) if column == wanted), "")
