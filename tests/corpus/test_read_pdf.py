"""A printed plan reads like its text: lines, pages and page furniture leave no trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.blocks import Block, Row
from corpus.model import Dropped
from corpus.readers import Document
from corpus.readers.formats import read_here
from corpus.readers.pdf_lines import Column, Line, paragraphs
from tests.plan_files import shipped_blocks

FILES = Path(__file__).parent / "files"


@pytest.fixture(scope="module")
def printed() -> Document:
    """Return the longer shipped plan, read from its print of many pages with tables across them."""
    return read_here(FILES / "yuzhong.pdf")


def squeezed(blocks: tuple[Block, ...]) -> list[str]:
    """Return the blocks' texts without line breaks; a table's row with each cell once."""
    found = ["|".join(dict.fromkeys(b.cells)) if isinstance(b, Row) else b.text for b in blocks]
    return ["".join(text.split()) for text in found]


def test_paragraphs_are_whole_across_lines_and_pages(printed: Document) -> None:
    """Every paragraph of the text is one paragraph of the print, in the same order."""
    wanted = [block for block in shipped_blocks("yuzhong") if not isinstance(block, Row)]
    found = tuple(block for block in printed.blocks if not isinstance(block, Row))
    assert squeezed(found) == squeezed(tuple(wanted))


def test_a_table_over_many_pages_is_one_table(printed: Document) -> None:
    """Both tables keep their number of rows, and a group that goes over a page stands in all of its rows."""
    rows = [block for block in printed.blocks if isinstance(block, Row)]
    wanted = [block for block in shipped_blocks("yuzhong") if isinstance(block, Row)]
    assert [sum(row.table == table for row in rows) for table in (1, 2)] == [
        sum(row.table == table for row in wanted) for table in (1, 2)
    ]
    tasks = [row for row in rows if row.table == 2 and row.cells[3][:1].isdigit()]
    assert all(row.cells[0] and row.cells[4] for row in tasks)


def test_headers_and_page_numbers_are_dropped_and_listed(printed: Document) -> None:
    """What a page repeats is no part of the plan, and is told."""
    assert "某区人民政府行政规范性文件" not in squeezed(printed.blocks)
    assert Dropped(2, "2", "page number") in printed.dropped
    assert Dropped(1, "某区人民政府行政规范性文件", "header or footer of the page") in printed.dropped


def line(text: str, number: int, x0: float = 90, size: float = 16) -> Line:
    """Return a line of full-width characters on a page."""
    return Line(text, x0, x0 + size * len(text), number * 28, number * 28 + size, size, size)


PAGE = Column(90, 90 + 16 * 20)


def test_a_full_line_ends_its_paragraph_only_with_a_sentence_and_an_indent_after_it() -> None:
    """A line filled to the margin says nothing by itself: what follows decides."""
    full = "一" * 19
    assert len(paragraphs([line(full + "，", 1), line("下文。", 2)], PAGE)) == 1
    assert len(paragraphs([line(full + "。", 1), line("下文。", 2)], PAGE)) == 1
    assert len(paragraphs([line(full + "。", 1), line("下文。", 2, x0=122)], PAGE)) == 2
    assert len(paragraphs([line(full + "。", 1), line("（二）下文。", 2)], PAGE)) == 2


def test_a_line_with_room_behind_it_ends_its_paragraph() -> None:
    """A title or the last line of a paragraph stops short of the margin."""
    assert len(paragraphs([line("总体要求", 1), line("下文", 2)], PAGE)) == 2


def test_names_on_lines_of_their_own_in_a_cell_stay_apart_and_a_wrapped_list_is_joined() -> None:
    """Units below each other are several; one list that wraps is one."""
    cell = Column(0, 16 * 8, is_cell=True)
    apart = [line("区卫健委", 1, x0=0), line("区教委", 2, x0=0), line("区市场监督管理局", 3, x0=0)]
    assert paragraphs(apart, cell) == ["区卫健委", "区教委", "区市场监督管理局"]
    wrapped = [line("区卫健委、区市场", 1, x0=0), line("监督管理局", 2, x0=0)]
    assert paragraphs(wrapped, cell) == ["区卫健委、区市场监督管理局"]
