"""Workbooks and tables as text: the lists of tasks that offices keep, with merged cells, several sheets and notes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from corpus.assembly.metadata import meta_of
from corpus.assembly.plan import parse_document
from corpus.blocks import Paragraph, TableRow
from corpus.model import ClauseKind, Plan
from corpus.readers import Document
from corpus.readers.formats import read_here

HEAD = ("序号", "民生实事", "目标", None, "责任分工", None, "完成时限")
PARTS = (None, None, "数量", "占比", "牵头单位", "配合单位", None)


def task_list(sheet: Worksheet) -> None:
    """Fill a sheet as an office does: a title over all columns, a head of two lines, sections, cells that span rows."""
    for row in (
        ("2026年云湖市民生实事任务分解表",),
        ("填报单位：市政府办公室",),
        HEAD,
        PARTS,
        ("一、道路",),
        (1, "改造背街小巷12条。", 12, 0.95, "市住建局", "市财政局、市公安局", date(2026, 12, 31)),
        (2, "新建停车场3座。", 3, None, "市城管局", None, "9月底前"),
        (3, "施划泊位500个。", 500, None, None, None, None),
        ("注：未列明时限的，长期推进。",),
    ):
        sheet.append(row)
    for area in ("A1:G1", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:G4", "A5:G5", "E7:E8", "G7:G8"):
        sheet.merge_cells(area)
    sheet["D6"].number_format = "0%"
    sheet["G6"].number_format = 'yyyy"年"m"月"'


def book(path: Path) -> Path:
    """Write a workbook of two sheets and a hidden one."""
    made = openpyxl.Workbook()
    assert isinstance(made.active, Worksheet)
    task_list(made.active)
    made.active.title = "城区"
    second = made.create_sheet("乡镇")
    second.append(("序号", "任务", "责任单位"))
    second.append((1, "整治村道20公里。", "市交通局"))
    hidden = made.create_sheet("草稿")
    hidden.append(("不要的", "内容"))
    hidden.sheet_state = "hidden"
    made.save(path)
    return path


def plan_of(document: Document) -> Plan:
    """Parse what was read."""
    return parse_document(document, meta_of(document, "x"), "")


def test_a_workbook_is_a_plan(tmp_path: Path) -> None:
    """Merged heads name their columns, merged cells count in each row, sheets head their tasks, the date is printed."""
    plan = plan_of(read_here(book(tmp_path / "分解表.xlsx")))
    assert (plan.meta.title, plan.meta.district) == ("2026年云湖市民生实事任务分解表", "云湖市")
    tasks = [clause for clause in plan.clauses if clause.kind is ClauseKind.TASK]
    assert [(one.path[0], one.deadline) for one in tasks] == [
        ("城区", "2026年12月"), ("城区", "9月底前"), ("城区", "9月底前"), ("乡镇", ""),
    ]  # fmt: skip
    assert [[(ref.printed, str(ref.role)) for ref in one.units] for one in tasks] == [
        [("市住建局", "lead"), ("市财政局", "cooperating"), ("市公安局", "cooperating")],
        [("市城管局", "lead")],
        [("市城管局", "lead")],
        [("市交通局", "responsible")],
    ]
    assert tasks[0].path[1] == "一、道路"
    assert "95%" in tasks[0].text


def test_what_stands_around_a_table_is_kept_and_a_hidden_sheet_told(tmp_path: Path) -> None:
    """Title and notes are paragraphs; a hidden sheet is left out, and that is reported."""
    document = read_here(book(tmp_path / "a.xlsx"))
    paragraphs = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert paragraphs[:2] == ["2026年云湖市民生实事任务分解表", "填报单位：市政府办公室"]
    assert "注：未列明时限的，长期推进。" in paragraphs
    assert [(one.text, one.rule) for one in document.dropped] == [("草稿", "hidden sheet")]
    assert "不要的" not in str(document.blocks)


def test_two_tables_on_one_sheet_keep_apart(tmp_path: Path) -> None:
    """A line between them that stands above a new head is a paragraph; each table has its own columns."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for row in (
        ("序号", "任务", "责任单位"), (1, "修路两条。", "市交通局"), (), ("附表2 整改清单",),
        ("序号", "整改任务", "整改时限", "主责单位"), (1, "清理堆物。", "6月底前", "市城管局"),
    ):  # fmt: skip
        sheet.append(row)
    made.save(tmp_path / "a.xlsx")
    document = read_here(tmp_path / "a.xlsx")
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["附表2 整改清单"]
    assert len({block.table for block in document.blocks if isinstance(block, TableRow)}) == 2
    last = [clause for clause in plan_of(document).clauses if clause.units][-1]
    assert ([(ref.printed, str(ref.role)) for ref in last.units], last.deadline) == ([("市城管局", "lead")], "6月底前")


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (0.955, "0.0%", "95.5%"),
        (3, '0"公里"', "3公里"),
        (1234.5, "#,##0.00", "1234.50"),
        (120, "General", "120"),
        (date(2026, 6, 30), "yyyy-mm-dd", "2026年6月30日"),
        (date(2026, 6, 1), 'yyyy"年"', "2026年"),
        (0.1 + 0.2, "General", "0.3"),
    ],
)
def test_figures_are_as_the_sheet_shows_them(tmp_path: Path, value: float, form: str, shown: str) -> None:
    """Percent, words of the format, dates as far as the format goes."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet.append(("指标", "值"))
    sheet.append(("一", value))
    sheet["B2"].number_format = form
    made.save(tmp_path / "a.xlsx")
    row = read_here(tmp_path / "a.xlsx").blocks[-1]
    assert isinstance(row, TableRow)
    assert row.cells == ("一", shown)


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-8", ";"), ("utf-16", "\t")]
)
def test_a_table_as_text_is_read_whatever_parts_it(tmp_path: Path, encoding: str, separator: str) -> None:
    """Quoted cells keep separators and line ends; lines above and below are paragraphs."""
    lines = [
        ["云湖市河湖管护任务清单", "", "", ""],
        ["序号", "任务", "责任单位", "完成时限"],
        ["1", '"疏浚河道,长30公里"', '"市水务局\n市财政局"', "2026年底"],
        ["2", "设置警示牌", "", ""],
        ["备注：本清单动态调整。", "", "", ""],
    ]
    text = "\r\n".join(separator.join(line) for line in lines)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    plan = plan_of(read_here(tmp_path / "a.csv"))
    assert plan.meta.title == "云湖市河湖管护任务清单"
    first, second = (clause for clause in plan.clauses if clause.kind is ClauseKind.TASK)
    assert [ref.printed for ref in first.units] == ["市水务局", "市财政局"] == [ref.printed for ref in second.units]
    assert "长30公里" in first.text
    assert plan.clauses[-1].text == "备注：本清单动态调整。"
