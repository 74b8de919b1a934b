"""Task tables: a row is a clause, with the group it stands in, the state at the start and the units beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.blocks import Row
from corpus.model import Role, UnitRef
from corpus.numbering import parse_mark
from corpus.responsibility import split_units
from corpus.tables import Table

_OWN_NUMBER = re.compile(r"^(?P<number>[0-9]+(?:[.．][0-9]+)+)[.．]?[ 　]*(?![0-9%％])")
_CONTENT = ("task", "group")


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


def task_rows(table: Table) -> Iterator[TaskRow]:
    """Yield the table's tasks in order; section rows and group cells become headings."""
    section = ""
    group: dict[str, str] = {}
    status_line = 0
    width = len(table.columns)
    for row in table.rows:
        filled = [cell for cell in dict.fromkeys(row.cells) if cell]
        if not filled:
            continue
        if len(row.cells) < min(width, 3) or len(filled) == 1 or _is_section(row, table):
            section, group = "".join(filled), {}
            continue
        cells = dict(zip(table.columns, (*row.cells, *[""] * width), strict=False))
        for column in ("number", "group", "status"):
            if cells.get(column):
                group[column] = cells[column]
                status_line = row.line if column == "status" else status_line
        yield _row(table, row, cells, section, group, status_line)


def _is_section(row: Row, table: Table) -> bool:
    """A row that fills only the number and group columns heads the rows below it."""
    filled = {table.columns[at] for at, cell in enumerate(row.cells[: len(table.columns)]) if cell}
    return "task" in table.columns and filled <= {"number", "group"}


def _row(
    table: Table, row: Row, cells: dict[str, str], section: str, group: dict[str, str], status_line: int
) -> TaskRow:
    content = cells.get("task") or cells.get("group", "")
    own = _OWN_NUMBER.match(content)
    number_cell = group.get("number", "")
    grouped = bool(own) or bool(parse_mark(number_cell))
    group_heading = number_cell + group.get("group", "") if grouped and "task" in table.columns else ""
    title = "" if grouped or "task" not in table.columns else group.get("group", "")
    skip = {"status", *(("number", "group") if grouped and "task" in table.columns else ())}
    text = "\n".join(
        cell
        for at, cell in enumerate(row.cells)
        if cell and (at >= len(table.columns) or table.columns[at] not in skip)
    )
    return TaskRow(
        number=own["number"].replace("．", ".") if own else number_cell,
        headings=tuple(heading for heading in (section, group_heading) if heading),
        title=title,
        body=content[own.end() :] if own else content,
        text=text,
        status=group.get("status", ""),
        status_line=status_line,
        status_head=next(
            (head for head, column in zip(table.heads, table.columns, strict=True) if column == "status"), ""
        ),
        units=_units(table, row),
        deadline=cells.get("deadline", ""),
        line=row.line,
    )


def _units(table: Table, row: Row) -> tuple[UnitRef, ...]:
    found: dict[str, UnitRef] = {}
    for column, head, cell in zip(table.columns, table.heads, row.cells, strict=False):
        if column.startswith("unit:"):
            role = Role(column.removeprefix("unit:"))
            for name in split_units(_unwrap(cell)):
                found.setdefault(name, UnitRef(name, name, role, re.sub(r"\s", "", head)))
    return tuple(found.values())


def _unwrap(cell: str) -> str:
    """Join a name that wraps over two lines of a cell; a line that starts a new name stays apart.

    A wrapped cell separates its names with 、 as well; one that does not uses the line break for it.
    """
    return cell.replace("\n", "") if re.search("[、，,；;]", cell) else cell
