"""Plain text as published → blocks.

A web page saved as text keeps a table in one of two ways: cells of a row on one line with tabs between them, or one
cell a line, each with a tab before it, rows parted by an empty line. A line without a tab right below a cell goes on
with that cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.blocks import Block, Paragraph, TableRow
from corpus.notation.numbering import parse_mark
from corpus.structure.tables import is_head


def blocks(text: str) -> tuple[Block, ...]:
    """Return the paragraphs and table rows of ``text`` in reading order; ``line`` counts from 1."""
    return tuple(_blocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    table = 0
    in_table = False
    cells: list[str] = []
    start = 0
    indented = _indented(lines)
    for number, line in enumerate([*lines, ""], start=1):
        if number in indented:
            line = line.strip()  # noqa: PLW2901 - an indent is no cell
        if line.startswith("\t"):
            start = start or number
            cells.extend(cell.strip() for cell in line[1:].split("\t"))
            continue
        if any(cells) and line.strip():
            cells[-1] = f"{cells[-1]}\n{line.strip()}" if cells[-1] else line.strip()
            continue
        if any(cells):
            table += not in_table
            in_table = True
            yield TableRow(tuple(cells), start, table)
        cells, start = [], 0
        if "\t" in line.strip("\t "):
            table += not in_table
            in_table = True
            yield TableRow(tuple(cell.strip() for cell in line.split("\t")), number, table)
        elif line.strip():
            in_table = False
            yield Paragraph(line.strip(), number)


def _indented(lines: list[str]) -> set[int]:
    """Return the numbers of the lines whose tab is a paragraph's indent: those that make no rows of a table.

    Rows of one cell a line name their columns first, or are as long as the one before.
    """
    found: set[int] = set()
    run: list[list[int]] = []
    for number, line in enumerate([*lines, "end"], start=1):
        if line.startswith("\t"):
            run[-1:] = [[*run[-1], number]] if run else [[number]]
        elif not line.strip():
            run += [[]] if run and run[-1] else []
        elif run and not (run[-1] and number <= len(lines) and (_is_headed(lines, run) or _goes_on(line))):
            found |= set() if _is_table(lines, run) else {one for group in run for one in group}
            run = []
    return found


def _goes_on(line: str) -> bool:
    """Whether a line without a tab can be the rest of a cell, of a table that names no columns: it is no heading."""
    return parse_mark(line.strip()) is None


def _is_headed(lines: list[str], run: list[list[int]]) -> bool:
    return is_head(tuple(lines[number - 1].strip() for number in run[0]))


def _is_table(lines: list[str], run: list[list[int]]) -> bool:
    """Whether groups of lines that open with a tab are the rows of a table."""
    groups = [[lines[number - 1].strip() for number in group] for group in run if group]
    single = [group for group in groups if len(group) > 1]
    raw = [lines[number - 1] for group in run for number in group]
    above = next(filter(str.strip, reversed(lines[: run[0][0] - 1])), "")
    parted = any("\t" in line.lstrip("\t") for line in (above, *raw) if line.strip())
    if parted or any(is_head(tuple(group)) for group in single):
        return True
    same = len({len(group) for group in single}) == 1 and len(single) > 1
    return same and not any(parse_mark(group[0]) or group[0].endswith("。") for group in single)
