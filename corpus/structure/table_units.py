"""The units of a table's row: its cells under the columns of units, each with the role of its column."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corpus.blocks import TableRow
from corpus.model import Role, UnitRef
from corpus.offices.responsibility import whole_line
from corpus.offices.roles import first_leads, read_units, without_remarks
from corpus.offices.unit_lists import unwrap
from corpus.structure.tables import Table


@dataclass(frozen=True, slots=True)
class RowUnits:
    """What the cells of a row under the heads of units say."""

    units: tuple[UnitRef, ...]
    strange: tuple[str, ...]
    """What stands in a unit's place without being one."""


def row_units(table: Table, row: TableRow) -> RowUnits:
    """Return the units of a row, each once, in the order of the columns."""
    found: dict[str, UnitRef] = {}
    strange: list[str] = []
    for column, head, cell in zip(table.columns, table.heads, row.cells, strict=False):
        if column.startswith("unit:"):
            reading = _read_cell(cell, column.removeprefix("unit:"), re.sub(r"\s", "", head))
            strange += reading.strange
            for unit in reading.units:
                found.setdefault(unit.printed, unit)
    return RowUnits(tuple(found.values()), tuple(strange))


def _read_cell(cell: str, roles: str, head: str) -> RowUnits:
    """Return the units of a table's cell under the head of its column; labels inside it come first."""
    if "+" in roles:
        return _read_two(cell, [Role(role) for role in roles.split("+")], head)
    text = without_remarks(unwrap(cell))
    label = whole_line(text)
    reading = read_units(text, Role(roles), head)
    found = RowUnits(label.units, label.strange) if label else RowUnits(tuple(reading.units), tuple(reading.strange))
    if found.units and (first_leads(cell) or first_leads(head)):
        return replace(found, units=(replace(found.units[0], role=Role.LEAD), *found.units[1:]))
    return found


def _read_two(cell: str, roles: list[Role], head: str) -> RowUnits:
    """Return the units of a cell under a head of two roles: those of each side, where the cell has two sides."""
    for sides in (cell.split("\n"), re.split("[/；;]", cell), re.split("[（(]", cell.rstrip("）) "))):
        readings = [read_units(side, role, head) for side, role in zip(sides, roles, strict=False)]
        if len(sides) == len(roles) and not any(one.strange for one in readings):
            return RowUnits(tuple(unit for one in readings for unit in one.units), ())
    return _read_cell(cell, str(Role.RESPONSIBLE), head)
