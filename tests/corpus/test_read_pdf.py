"""A printed plan reads like its text: lines, pages and page furniture leave no trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.blocks import Block, TableRow
from corpus.model import Dropped
from corpus.readers import Document
from corpus.readers.formats import read_here
from corpus.readers.pdf_lines import PdfColumn, PdfLine, paragraphs
from corpus.readers.pdf_tables import Grid, PdfCell, rows_of
from tests.plan_files import shipped_blocks

FILES = Path(__file__).parent / "files"


@pytest.fixture(scope="module")
def printed() -> Document:
    """Return the longer shipped plan, read from its print of many pages with tables across them."""
    return read_here(FILES / "yuzhong.pdf")


def squeezed(blocks: tuple[Block, ...]) -> list[str]:
    """Return the blocks' texts without line breaks; a table's row with each cell once."""
    found = ["|".join(dict.fromkeys(b.cells)) if isinstance(b, TableRow) else b.text for b in blocks]
    return ["".join(text.split()) for text in found]


def test_paragraphs_are_whole_across_lines_and_pages(printed: Document) -> None:
    """Every paragraph of the text is one paragraph of the print, in the same order."""
    wanted = [block for block in shipped_blocks("yuzhong") if not isinstance(block, TableRow)]
    found = tuple(block for block in printed.blocks if not isinstance(block, TableRow))
    assert squeezed(found) == squeezed(tuple(wanted))


def test_a_table_over_many_pages_is_one_table(printed: Document) -> None:
    """Both tables keep their number of rows, and a group that goes over a page stands in all of its rows."""
    rows = [block for block in printed.blocks if isinstance(block, TableRow)]
    wanted = [block for block in shipped_blocks("yuzhong") if isinstance(block, TableRow)]
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


def line(text: str, number: int, x0: float = 90, size: float = 16) -> PdfLine:
    """Return a line of full-width characters on a page."""
    return PdfLine(text, x0, x0 + size * len(text), number * 28, number * 28 + size, size, size)


PAGE = PdfColumn(90, 90 + 16 * 20)


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
    cell = PdfColumn(0, 16 * 8, is_cell=True)
    apart = [line("区卫健委", 1, x0=0), line("区教委", 2, x0=0), line("区市场监督管理局", 3, x0=0)]
    assert paragraphs(apart, cell) == ["区卫健委", "区教委", "区市场监督管理局"]
    wrapped = [line("区卫健委、区市场", 1, x0=0), line("监督管理局", 2, x0=0)]
    assert paragraphs(wrapped, cell) == ["区卫健委、区市场监督管理局"]


def part(*rows: tuple[str, str, str], cut: bool = False, merged: bool = False) -> Grid:
    """Return a page's part of a table of three columns, the last row cut by the page's end, or its group merged."""
    cells: list[PdfCell] = []
    for number, texts in enumerate(rows):
        for column, text in enumerate(texts):
            top, left = number * 20.0, column * 100.0
            bottom = len(rows) * 20.0 if merged and not column else top + 20
            if merged and not column and number:
                continue
            full = cut and number == len(rows) - 1 and column == 1
            line = PdfLine(text, left + 5, left + (95 if full else 60), bottom - 15, bottom - 5, 10, 10)
            lines = (line,) if text else ()
            cells.append(
                PdfCell((left, top, left + 100, bottom), text, lines, PdfColumn(left + 5, left + 95, is_cell=True))
            )
    return Grid((0, 0, 300, 20.0 * len(rows)), tuple(cells))


HEAD = ("序号", "任务", "责任单位")


def test_a_row_cut_by_the_end_of_a_page_is_one_row_and_the_head_stands_once() -> None:
    """A task that goes on below a repeated head is joined, with the units that stood beside its start."""
    first = part(HEAD, ("1", "建设中", "区教委"), cut=True)
    second = part(HEAD, ("", "心三个。", ""), ("2", "扩班。", "区教委"))
    assert rows_of([first, second]) == [[*HEAD], ["1", "建设中心三个。", "区教委"], ["2", "扩班。", "区教委"]]


def test_a_group_that_spans_the_end_of_a_page_stands_in_the_rows_of_both() -> None:
    """The merged cell is empty on the second page, and its rows still have their group."""
    first = part(("体系", "建校。", "区教委"), ("", "扩班。", "区教委"), merged=True)
    second = part(("", "招生。", "区财政局"))
    assert [row[0] for row in rows_of([first, second])] == ["体系", "体系", "体系"]


def test_an_empty_cell_is_not_filled_where_the_column_has_empty_cells_of_its_own() -> None:
    """Units are not carried over a page's end in a column that leaves cells empty."""
    first = part(("1", "建校。", ""), ("2", "扩班。", ""), ("3", "招生。", "区教委"))
    second = part(("4", "培训。", ""))
    assert rows_of([first, second])[-1] == ["4", "培训。", ""]


def test_a_title_that_nearly_fills_its_line_stays_apart_from_the_next_page() -> None:
    """Without a distance between lines to go by, a line with room for a few more characters ends its paragraph."""
    title, following = line("一" * 17, 20), line("下文", 1)
    assert len(paragraphs([title, following], PAGE)) == 1
    assert len(paragraphs([line("一" * 16, 20), following], PAGE)) == 2
    assert len(paragraphs([line("附件：清单" + "一" * 14, 20), line("附件", 1)], PAGE)) == 2
