"""Lines of text → the cells of a table's row, where a table arrived without its ruling.

Which line belongs under which head is told by what it says: a unit, a due time, or anything else. A cell may have
several lines, and a merged one none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.datafiles import load
from corpus.offices.roles import is_due
from corpus.offices.unit_lists import is_unit_list

_NEVER = 1000.0
_UNFIT, _EMPTY_TEXT, _EMPTY, _MORE, _MORE_LEADS = 4.0, 3.0, 1.0, 0.1, 0.3
"""What it costs to put a line under a head of another kind, to leave a cell empty, to put a further line in one."""
_BLANKS = (re.compile(r"[ \u3000]{2,}|\u3000"), re.compile(r"[ \u3000]+"))
_FEWEST_CELLS = 3


def fit(lines: Sequence[str], columns: Sequence[str]) -> tuple[str, ...] | None:
    """Return the cells of a row that ``lines`` make under ``columns``; None where some line fits no place."""
    best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
    for column in columns:
        reached: dict[int, tuple[float, tuple[str, ...]]] = {}
        for start, (cost, cells) in best.items():
            for end in range(start, len(lines) + 1):
                total = cost + _cost(column, tuple(lines[start:end]))
                if total < reached.get(end, (_NEVER, ()))[0]:
                    reached[end] = (total, (*cells, "\n".join(lines[start:end])))
        best = reached
    cost, cells = best.get(len(lines), (_NEVER, ()))
    return cells if cost < _UNFIT else None


@lru_cache(maxsize=4096)
def _cost(column: str, lines: tuple[str, ...]) -> float:
    units = column.startswith("unit:")
    if not lines:
        return _EMPTY if units or column == "deadline" else _EMPTY_TEXT
    if column == "number":
        return 0.0 if len(lines) == 1 and lines[0].rstrip(".．、").isdigit() else _NEVER
    more = (_MORE_LEADS if column == "unit:lead" else _MORE) * (len(lines) - 1)
    return more + sum(0.0 if _fits(column, line) else _UNFIT for line in lines)


def _fits(column: str, line: str) -> bool:
    if column.startswith("unit:"):
        return is_unit_list(line) or line in load("responsibility")["cells"]["ditto"]
    return is_due(line) if column == "deadline" else not is_unit_list(line) and not is_due(line)


def blank_cells(text: str, width: int = 0) -> tuple[str, ...]:
    """Return the cells that blanks part a line into: ``width`` of them where it is given and can be, else as many."""
    found = [tuple(filter(None, pattern.split(text.strip()))) for pattern in _BLANKS]
    enough = [cells for cells in found if len(cells) >= _FEWEST_CELLS]
    return next((cells for cells in enough if len(cells) == width), enough[-1] if enough else ())
