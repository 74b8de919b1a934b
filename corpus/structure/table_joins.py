"""Tables put together again: cells that came as paragraphs, parts that came as tables of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from corpus.blocks import Block, Paragraph, TableRow
from corpus.notation.numbering import parse_mark
from corpus.offices.responsibility import is_label
from corpus.structure.cell_rows import blank_cells, fit
from corpus.structure.tables import HEAD_ROWS, is_head, meaning

_CELL_LENGTH = 60
_LINES_A_CELL = 4
_HEADING_LENGTH = 40
_FIRST_PARTED = 2000
_FIRST_OWN = 1000
_FIRST_PARTED_LINES = 3000
"""Numbers of the tables made here start behind those of the readers."""


def join_tables(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with their tables whole: rows from single cells, parts below one head, particulars as lines."""
    return tuple(_as_lines(_continued(tuple(_parted(join_cells(part_lines(blocks)))))))


def join_cells(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Put tables together again that arrived as one cell a paragraph: a head from 序号 on, then rows that count up."""
    done: list[Block] = []
    at = 0
    tables = _FIRST_OWN
    while at < len(blocks):
        width = _head_width(blocks, at)
        if not width:
            done.append(blocks[at])
            at += 1
            continue
        tables += 1
        heads = tuple(map(_text, blocks[at : at + width]))
        done.append(TableRow(heads, blocks[at].line, tables))
        at += width
        for row, taken in _counted_rows(blocks, at, tuple(map(meaning, heads))):
            done.append(replace(row, table=tables))
            at += taken
    return tuple(done)


def _head_width(blocks: tuple[Block, ...], at: int) -> int:
    """Return how many heads begin at a paragraph 序号 and end before the paragraph 1; 0 without such a table."""
    heads: list[str] = []
    for block in blocks[at:]:
        if not isinstance(block, Paragraph) or len(block.text) > _CELL_LENGTH:
            return 0
        if not heads and meaning(block.text) != "number":
            return 0
        if block.text == "1":
            return len(heads) if is_head(tuple(heads)) else 0
        heads.append(block.text)
    return 0


def _counted_rows(blocks: tuple[Block, ...], at: int, columns: tuple[str, ...]) -> Iterator[tuple[TableRow, int]]:
    """Yield the rows whose first cell counts on from 1, and how many paragraphs each is."""
    expected = 1
    while at < len(blocks) and _text(blocks[at]) == str(expected):
        end = _next_number(blocks, at, expected + 1, len(columns))
        cells, taken = _row_cells(blocks, at, end, columns)
        if not cells:
            return
        yield TableRow(cells, blocks[at].line, 0), taken
        at, expected = at + taken, expected + 1


def _next_number(blocks: tuple[Block, ...], at: int, number: int, width: int) -> int | None:
    """Return where the paragraph with the next row's number is; None behind the last row."""
    reach = (at + width, *range(at + 2, min(len(blocks), at + _LINES_A_CELL * width)))
    reach = tuple(place for place in reach if place < len(blocks))
    return next((place for place in reach if _text(blocks[place]) == str(number)), None)


def _row_cells(
    blocks: tuple[Block, ...], at: int, end: int | None, columns: tuple[str, ...]
) -> tuple[tuple[str, ...], int]:  # fmt: skip
    """Return a row's cells and how many paragraphs they are: up to the next number, or as many as fit."""
    # Lines may be counted out where units stand among them; behind a last cell of any text nothing tells its end.
    loose = any(column.startswith("unit:") for column in columns)
    most = _LINES_A_CELL if loose and columns[-1].startswith(("unit:", "deadline")) else 1
    longest = _run(blocks, at, most * len(columns)) if end is None else end - at
    lines = [_text(block) for block in blocks[at : at + longest]]
    if not all(lines):
        return (), 0
    for taken in (range(longest, 1, -1) if end is None else [longest]) if loose else ():
        cells = fit(lines[:taken], columns)
        if cells:
            return cells, taken
    whole = longest == len(columns) or (end is None and longest > len(columns))
    return (tuple(lines[: len(columns)]), len(columns)) if whole else ((), 0)


def _run(blocks: tuple[Block, ...], at: int, longest: int) -> int:
    """Return how many paragraphs there are up to the next heading or table."""
    taken = 1
    while taken < longest and at + taken < len(blocks):
        text = _text(blocks[at + taken])
        mark = parse_mark(text)
        if not text or (mark is not None and mark.restarts):
            break
        taken += 1
    return taken


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""


def part_lines(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Put tables together again whose cells are parted by blanks: a line of heads, then lines that go with it."""
    done: list[Block] = []
    head: tuple[str, ...] = ()
    tables = _FIRST_PARTED_LINES
    for block in blocks:
        heads = _heads(block)
        if heads:
            head, tables = heads, tables + 1
            done.append(TableRow(heads, block.line, tables))
            continue
        cells = _line_cells(block, head) if head else None
        head = head if cells else ()
        done.append(TableRow(cells, block.line, tables) if cells else block)
    return tuple(done)


def _heads(block: Block) -> tuple[str, ...]:
    text = _text(block)
    cells = blank_cells(text) if text and len(text) <= _CELL_LENGTH else ()
    return cells if cells and is_head(cells) and meaning(cells[0]) == "number" else ()


def _line_cells(block: Block, head: tuple[str, ...]) -> tuple[str, ...] | None:
    cells = blank_cells(_text(block), len(head)) if _text(block) else ()
    return fit(cells, tuple(map(meaning, head))) if cells and cells[0].rstrip(".．、").isdigit() else None


def _parted(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks, rows under another head in the middle of a table as a table of their own."""
    head: TableRow | None = None
    filled = False
    table = shift = made = 0
    for block in blocks:
        if not isinstance(block, TableRow):
            yield block
            continue
        if block.table != table:
            table, head, filled, shift = block.table, None, False, 0
        if is_head(block.cells):
            if head is not None and filled and block.cells != head.cells:
                made += 1
                shift = _FIRST_PARTED + made
            head, filled = block, False
        else:
            filled = head is not None
        yield replace(block, table=shift or block.table)


def _table_of(block: Block) -> int:
    return block.table if isinstance(block, TableRow) else 0


def _continued(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Put rows without a head under the last table's head, with the headings that stand between them."""
    done: list[Block] = []
    above: TableRow | None = None
    between = 0
    for _, group in groupby(blocks, key=_table_of):
        run = list(group)
        rows = [block for block in run if isinstance(block, TableRow)]
        if not rows:
            done += run
            between = len(run) if above and all(_heads_rows(block) for block in run) else -1
            continue
        own = next((row for row in rows[:HEAD_ROWS] if is_head(row.cells)), None)
        if own is None and above is not None and between >= 0 and _fits(rows, above):
            number = above.table
            start = len(done) - between
            done[start:] = [_as_row(block, number) for block in done[start:]]
            done += [replace(row, table=number) for row in rows]
        else:
            above = own
            done += rows
        between = 0
    return tuple(done)


def _heads_rows(block: Block) -> bool:
    return isinstance(block, Paragraph) and len(block.text) <= _HEADING_LENGTH and parse_mark(block.text) is not None


def _fits(rows: list[TableRow], head: TableRow) -> bool:
    return all(len(row.cells) <= len(head.cells) for row in rows)


def _as_row(block: Block, table: int) -> TableRow:
    return block if isinstance(block, TableRow) else TableRow((block.text,), block.line, table)


def _as_lines(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks, tables of particulars (责任单位 | 甲) as lines (责任单位：甲)."""
    for _, group in groupby(blocks, key=_table_of):
        run = list(group)
        rows = [block for block in run if isinstance(block, TableRow)]
        labelled = any(is_label(row.cells[0]) and len(row.cells) > 1 for row in rows)
        if not labelled or any(is_head(row.cells) for row in rows[:HEAD_ROWS]):
            yield from run
            continue
        for row in rows:
            cells = [cell for cell in dict.fromkeys(row.cells) if cell]
            yield Paragraph("：".join((cells[0], "、".join(cells[1:]))).rstrip("："), row.line)
