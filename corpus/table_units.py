"""The units of a table's row: its cells under the columns of units, each with the role of its column."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.blocks import Row
from corpus.model import Role, UnitRef
from corpus.responsibility import whole_line
from corpus.roles import first_leads, read_units, without_remarks
from corpus.tables import Table
from corpus.unit_lists import unwrap


def row_units(table: Table, row: Row) -> tuple[UnitRef, ...]:
    """Return the units of a row, each once, in the order of the columns."""
    found: dict[str, UnitRef] = {}
    for column, head, cell in zip(table.columns, table.heads, row.cells, strict=False):
        if column.startswith("unit:"):
            for unit in _read_cell(cell, Role(column.removeprefix("unit:")), re.sub(r"\s", "", head)):
                found.setdefault(unit.printed, unit)
    return tuple(found.values())


def _read_cell(cell: str, role: Role, head: str) -> tuple[UnitRef, ...]:
    """Return the units of a table's cell under the head of its column; labels inside it come first."""
    text = without_remarks(unwrap(cell))
    label = whole_line(text)
    units = label.units if label else tuple(read_units(text, role, head).units)
    if units and (first_leads(cell) or first_leads(head)):
        units = (replace(units[0], role=Role.LEAD), *units[1:])
    return units
