"""Tables put together again: cells that came as paragraphs, parts that came as tables of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from corpus.blocks import Block, Paragraph, Row
from corpus.numbering import parse_mark
from corpus.responsibility import is_label
from corpus.tables import HEAD_ROWS, is_head, meaning

_CELL_LENGTH = 60
_HEADING_LENGTH = 40
_FIRST_PARTED = 2000
_FIRST_OWN = 1000
"""Numbers of the tables made here start behind those of the readers."""


def join_tables(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with their tables whole: rows from single cells, parts below one head, particulars as lines."""
    return tuple(_as_lines(_continued(tuple(_parted(join_cells(blocks))))))


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
        taken = _counted_rows(blocks, at, width)
        cells = [block.text for block in blocks[at : at + taken] if isinstance(block, Paragraph)]
        starts = range(0, taken, width)
        done += [Row(tuple(cells[start : start + width]), blocks[at + start].line, tables) for start in starts]
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


def _counted_rows(blocks: tuple[Block, ...], at: int, width: int) -> int:
    """How many paragraphs from ``at`` belong to the table: the head and every full row that counts on."""
    taken, expected = width, 1
    while at + taken + width <= len(blocks):
        first = blocks[at + taken]
        row = blocks[at + taken : at + taken + width]
        if not (isinstance(first, Paragraph) and first.text == str(expected)):
            break
        if not all(isinstance(block, Paragraph) for block in row):
            break
        taken, expected = taken + width, expected + 1
    return taken


def _parted(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks, rows under another head in the middle of a table as a table of their own."""
    head: Row | None = None
    filled = False
    table = shift = made = 0
    for block in blocks:
        if not isinstance(block, Row):
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
    return block.table if isinstance(block, Row) else 0


def _continued(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Put rows without a head under the last table's head, with the headings that stand between them."""
    done: list[Block] = []
    above: Row | None = None
    between = 0
    for _, group in groupby(blocks, key=_table_of):
        run = list(group)
        rows = [block for block in run if isinstance(block, Row)]
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


def _fits(rows: list[Row], head: Row) -> bool:
    return all(len(row.cells) <= len(head.cells) for row in rows)


def _as_row(block: Block, table: int) -> Row:
    return block if isinstance(block, Row) else Row((block.text,), block.line, table)


def _as_lines(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks, tables of particulars (责任单位 | 甲) as lines (责任单位：甲)."""
    for _, group in groupby(blocks, key=_table_of):
        run = list(group)
        rows = [block for block in run if isinstance(block, Row)]
        labelled = any(is_label(row.cells[0]) and len(row.cells) > 1 for row in rows)
        if not labelled or any(is_head(row.cells) for row in rows[:HEAD_ROWS]):
            yield from run
            continue
        for row in rows:
            cells = [cell for cell in dict.fromkeys(row.cells) if cell]
            yield Paragraph("：".join((cells[0], "、".join(cells[1:]))).rstrip("："), row.line)
