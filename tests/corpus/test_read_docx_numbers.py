"""Word's automatic numbers stand in the text that is read, as Word prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.blocks import TableRow
from corpus.readers.counting import printed
from corpus.readers.formats import read_here
from tests.docx_parts import level, numbered, numbering, p, write_parts


def texts(path: Path) -> list[str]:
    """Return what was read, a line a block."""
    return ["|".join(block.cells) if isinstance(block, TableRow) else block.text for block in read_here(path).blocks]


def test_the_levels_of_a_plan_are_counted_each_in_its_own_form(tmp_path: Path) -> None:
    """一、（一）1. and a dotted number are rebuilt, and a lower level restarts after a higher one."""
    parts = numbering(
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "japaneseCounting", "（%2）"),
        level(2, "decimal", "%3."),
        level(3, "decimal", "%1.%2.%3", "<w:isLgl/>"),
    )
    body = [
        ("总体要求", 0),
        ("指导思想", 1),
        ("目标", 1),
        ("第一项", 2),
        ("主要任务", 0),
        ("健全体系", 1),
        ("建强医院", 2),
    ]
    path = write_parts(tmp_path / "a.docx", "".join(numbered(*one) for one in body), numbering=parts)
    assert texts(path) == [
        "一、总体要求",
        "（一）指导思想",
        "（二）目标",
        "1.第一项",
        "二、主要任务",
        "（一）健全体系",
        "1.建强医院",
    ]


def test_a_dotted_number_shows_the_levels_above_in_arabic_digits_and_keeps_off_the_year_behind_it(
    tmp_path: Path,
) -> None:
    """A legal-style level prints 1.1 below 一、, parted by a blank from a text that starts with a figure."""
    parts = numbering(level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    body = numbered("人才") + numbered("2027年前完工", 1) + numbered("培养", 1)
    assert texts(write_parts(tmp_path / "a.docx", body, numbering=parts)) == [
        "一、人才",
        "1.1 2027年前完工",
        "1.2 培养",
    ]


def test_a_number_that_comes_with_the_style_is_found(tmp_path: Path) -> None:
    """A heading style numbers its paragraphs, also through the style that it is based on and its link to a level."""
    styles = (
        '<w:style w:styleId="H2"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Mine"><w:basedOn w:val="H2"/></w:style>'
    )
    parts = numbering(level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"))
    body = numbered("目标") + p("甲", '<w:pStyle w:val="H2"/>') + p("乙", '<w:pStyle w:val="Mine"/>')
    path = write_parts(tmp_path / "a.docx", body, numbering=parts, styles=styles)
    assert texts(path) == ["一、目标", "（一）甲", "（二）乙"]


def test_a_second_list_with_a_start_of_its_own_counts_anew(tmp_path: Path) -> None:
    """Two plans in one file share a list definition; the second starts at one again, once."""
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    parts = numbering(level(0, "chineseCounting", "%1、"), nums=nums)
    body = numbered("甲") + numbered("乙") + numbered("丙", num=2) + numbered("丁", num=2)
    assert texts(write_parts(tmp_path / "a.docx", body, numbering=parts)) == ["一、甲", "二、乙", "一、丙", "二、丁"]


def test_a_number_column_without_text_is_read(tmp_path: Path) -> None:
    """The 序号 column of a table often holds nothing but automatic numbers."""
    rows = "".join(f"<w:tr><w:tc>{numbered('')}</w:tc><w:tc>{p(name)}</w:tc></w:tr>" for name in ("甲", "乙"))
    path = write_parts(tmp_path / "a.docx", f"<w:tbl>{rows}</w:tbl>", numbering=numbering(level(0, "decimal", "%1")))
    assert texts(path) == ["1|甲", "2|乙"]


def test_numbering_switched_off_and_bullets_leave_no_mark(tmp_path: Path) -> None:
    """A paragraph with list 0 has no number though its style has one, and a bullet is no number."""
    off = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    parts = numbering(level(0, "bullet", "\uf06c"))
    assert texts(write_parts(tmp_path / "a.docx", p("甲", off) + numbered("乙"), numbering=parts)) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (10, "chineseCounting", "十"),
        (21, "japaneseCounting", "二十一"),
        (105, "chineseCountingThousand", "一百〇五"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (12, "ideographDigital", "一二"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (3, "ideographTraditional", "丙"),
        (14, "upperRoman", "XIV"),
        (2, "lowerLetter", "b"),
        (7, "decimalZero", "07"),
        (99, "decimalEnclosedCircle", "99"),
        (5, "someFutureFormat", "5"),
    ],
)
def test_a_list_number_is_printed_as_word_prints_it(value: int, form: str, expected: str) -> None:
    """Every number format in use has its signs; what has none falls back to digits."""
    assert printed(value, form) == expected
