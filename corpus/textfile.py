"""Plain text as published → blocks.

A web page saved as text keeps a table in one of two ways: cells of a row on one line with tabs between them, or one
cell a line, each with a tab before it, rows parted by an empty line. A line without a tab right below a cell goes on
with that cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.blocks import Block, Paragraph, Row


def blocks(text: str) -> tuple[Block, ...]:
    """Return the paragraphs and table rows of ``text`` in reading order; ``line`` counts from 1."""
    return tuple(_blocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    table = 0
    in_table = False
    cells: list[str] = []
    start = 0
    for number, line in enumerate([*lines, ""], start=1):
        if line.startswith("\t"):
            start = start or number
            cells.extend(cell.strip() for cell in line[1:].split("\t"))
            continue
        if cells and line.strip():
            cells[-1] = f"{cells[-1]}\n{line.strip()}" if cells[-1] else line.strip()
            continue
        if cells:
            table += not in_table
            in_table = True
            yield Row(tuple(cells), start, table)
            cells, start = [], 0
        if "\t" in line.strip("\t "):
            table += not in_table
            in_table = True
            yield Row(tuple(cell.strip() for cell in line.split("\t")), number, table)
        elif line.strip():
            in_table = False
            yield Paragraph(line.strip(), number)
