"""Answers as Excel and Word files, opened again with the libraries that offices' programs are like."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from bot.answering.answer import Answer, AnswerKind, Entry, FileFormat, Section
from bot.cli.export import write_file
from bot.render.file.excel import CELL_CHARACTERS
from bot.render.file.make import NoFileError, make_file
from corpus.model import Plan
from tests.ask.chatting import NO_MODEL, Chat, naming


def sheets(answer: Answer) -> dict[str, Worksheet]:
    """Return the sheets of an answer's workbook by their names."""
    book = openpyxl.load_workbook(io.BytesIO(make_file(answer, FileFormat.XLSX).content))
    return {sheet.title: sheet for sheet in book.worksheets}


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    """Return the rows of a sheet's table by their headings."""
    _, head, _, last = range_boundaries(sheet.auto_filter.ref)
    headings, *body = sheet.iter_rows(min_row=head, max_row=last, values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in body]


def lines_of(answer: Answer) -> list[list[str]]:
    """Return the rows of all tables of an answer's Word file."""
    document = docx.Document(io.BytesIO(make_file(answer, FileFormat.DOCX).content))
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def odd(text: str) -> Answer:
    """Return a list of one entry that has ``text`` wherever a text may stand."""
    entry = Entry(1, text, text, text, (), (text,), frozenset(), True, (text,), ())
    return Answer(AnswerKind.DUTIES, True, text, (Section(text, (text,), (entry,)),), notes=(text,))


def test_a_units_list_is_whole(chat: Chat, yuzhong: Plan) -> None:
    """Every clause that names the unit, verbatim, with its place, its units and where the plan was published."""
    answer = chat.ask("渝中区卫健委负责什么 excel")
    sheet = sheets(answer)["任务清单"]
    found = rows(sheet)
    assert [row["序号"] for row in found] == list(range(1, 23))
    texts = "\n".join(str(row["条款原文"]) for row in found)
    clauses = {clause.id: clause for clause in yuzhong.clauses}
    for one in naming(yuzhong, "区卫健委"):
        assert clauses[one].text in texts
    assert all(str(row["位置"]).startswith("渝中 ") and "区卫健委" in str(row["责任单位"]) for row in found)
    last = [cell for cell in next(zip(*sheet.iter_rows(values_only=True), strict=True)) if cell][-1]
    assert str(last).startswith("来源：《渝中区关于贯彻落实")
    assert "2024-07-23" in str(last)


def test_targets_have_their_baseline_and_their_unit(chat: Chat) -> None:
    """The second sheet has a row a target, and the indicators that a task pursues, each as printed."""
    found = rows(sheets(chat.ask("巴南区卫健委负责什么 导出"))["目标与指标 2"])
    clinic = next(row for row in found if row["名称"] == "中医馆")
    assert (clinic["起点"], clinic["目标"], clinic["位置"]) == ("2023年 23个", "2027年 24个", "主要指标 5")
    share = next(row for row in found if row["名称"] == "精品中医馆达标率")
    assert (share["目标"], share["时限"]) == ("不低于20%", "到2027年")


def test_a_table_of_indicators_has_a_column_a_year(chat: Chat) -> None:
    """Each district has a sheet of its own; the figures are those of the plan, as text."""
    found = sheets(chat.ask("主要指标 表格"))
    first = rows(next(iter(found.values())))
    assert len(found) == 2
    assert {"名称": "中医馆", "2023年": "23个", "2027年": "24个"}.items() <= first[4].items()


def test_word_says_the_same(chat: Chat) -> None:
    """The Word file has the same rows, its first line the headings, and the source below."""
    answer = chat.ask("渝中区卫健委负责什么 word")
    assert answer.file is FileFormat.DOCX
    told = [[str(value or "") for value in row.values()] for row in rows(sheets(answer)["任务清单"])]
    lines = lines_of(answer)
    assert lines[0][:3] == ["序号", "位置", "任务"]
    assert lines[1 : len(told) + 1] == told
    document = docx.Document(io.BytesIO(make_file(answer, FileFormat.DOCX).content))
    assert document.paragraphs[-1].text.startswith("来源：《渝中区")


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x","y")', "+86", "-5%", "@SUM(A1)", "\t=1", "#N/A"])
def test_no_text_is_a_formula(text: str) -> None:
    """What begins as a formula does is text in every cell, and stays so when somebody edits it."""
    answer = odd(text)
    content = make_file(answer, FileFormat.XLSX).content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())
    cells = [cell for sheet in sheets(answer).values() for row in sheet.iter_rows() for cell in row if cell.value]
    assert [cell for cell in cells if cell.value == text]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells if cell.value == text)


def test_characters_that_no_file_may_hold_are_left_out() -> None:
    """A control character or half a surrogate spoils neither file."""
    answer = odd("一\x00\x0b二\ud800三\ufffe")
    assert rows(sheets(answer)["任务清单"])[0]["任务"] == "一二三"
    assert lines_of(answer)[1][3] == "一二三"


def test_a_text_too_long_for_a_cell_says_so() -> None:
    """Excel takes so many characters; the cut is told, and Word has all of it."""
    long = "长" * (CELL_CHARACTERS + 10)
    answer = replace(odd("短"), sections=odd(long).sections)
    cell = str(rows(sheets(answer)["任务清单"])[0]["任务"])
    assert len(cell) == CELL_CHARACTERS
    assert cell.endswith("）")
    assert lines_of(answer)[1][3] == long


def test_what_is_no_list_makes_no_file(chat: Chat) -> None:
    """A greeting and a decline are refused in words."""
    for message in ("你好", "市长电话是多少"):
        with pytest.raises(NoFileError, match="不是清单"):
            make_file(chat.fresh(message), FileFormat.XLSX)


def test_the_name_of_a_file_is_one_that_every_system_takes(chat: Chat) -> None:
    """It says what is in it, without a character that Windows forbids, and is not long."""
    name = make_file(chat.ask("区教委负责什么 导出"), FileFormat.XLSX).name
    assert name == "巴南区 区教委 6项 渝中区 区教委 2项.xlsx"
    assert make_file(odd('../a\\b:c*?"<>|' + "长" * 99), FileFormat.DOCX).name.startswith("a b c 长")


def test_on_the_command_line(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ending decides; what can't be written is said in one line."""
    monkeypatch.setenv("WENCE_DATA_DIR", str(data_dir))
    monkeypatch.setenv("WENCE_MODEL", str(data_dir / NO_MODEL))
    assert write_file("区教委负责什么", "渝中", tmp_path / "a.docx") == 0
    assert docx.Document(str(tmp_path / "a.docx")).tables
    assert write_file("区教委负责什么", "", tmp_path / "a.pdf") == 2
    assert write_file("区教委负责什么", "", tmp_path / "none" / "a.xlsx") == 2
    assert write_file("你好", "", tmp_path / "b.xlsx") == 2
    told = capsys.readouterr().err.splitlines()
    assert [".xlsx" in told[0], "无法写入" in told[1], "不是清单" in told[2]] == [True] * 3
