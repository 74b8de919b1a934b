"""What a document says of itself is read from it, in the ways that offices write it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.assembly.metadata import meta_of
from corpus.blocks import Paragraph
from corpus.library.shipped import load_shipped_plans
from corpus.model import Plan, PlanMeta
from corpus.readers import Document, Hints
from corpus.readers.formats import read_here
from tests.plan_files import shipped_blocks


def meta(*lines: str, hints: Hints = Hints()) -> PlanMeta:
    """Return the metadata of a document of these paragraphs."""
    blocks = tuple(Paragraph(line, number) for number, line in enumerate(lines, start=1))
    return meta_of(Document(blocks, hints=hints), "x")


@pytest.mark.parametrize("plan", load_shipped_plans(), ids=lambda plan: str(plan.meta.id))
def test_the_shipped_plans_tell_what_their_metadata_files_say(plan: Plan) -> None:
    """Title, district, issuer, date and period are found in the text, without the file beside it."""
    assert meta_of(Document(shipped_blocks(plan.meta.id)), plan.meta.id) == plan.meta


def test_a_notice_names_the_plan_that_it_issues() -> None:
    """The title is what 关于印发…的通知 holds, also over two lines, and the issuer stands before it."""
    found = meta("江东省人民政府办公厅", "关于印发《优化营商环境行动方案》的通知", "各市人民政府：", "一、总体要求")
    assert (found.title, found.issuer, found.district) == ("优化营商环境行动方案", "江东省人民政府办公厅", "江东省")


def test_a_plan_without_a_notice_has_its_own_heading() -> None:
    """A heading on two lines is one title; a number of issue is none of it."""
    found = meta(
        "国务院关于加快农业机械化和", "农机装备产业升级的意见", "国发〔2018〕42号", "各省人民政府：", "一、总体要求"
    )
    assert found.title == "国务院关于加快农业机械化和农机装备产业升级的意见"
    assert (found.issuer, found.district) == ("国务院", "全国")


@pytest.mark.parametrize("day", ["2024年5月8日", "二〇二四年五月八日", "2024-05-08", "2024 年 5 月 8 日"])
def test_the_date_of_issue_is_read_however_it_is_written(day: str) -> None:
    """Figures and Chinese numerals, below the signature."""
    found = meta("某市某区教育行动方案", "一、建校。", "某市某区教育局", day)
    assert found.issued == date(2024, 5, 8)


def test_the_page_s_particulars_fill_in_what_the_text_does_not_say() -> None:
    """A web page that leaves signature and date to its table of particulars still has them."""
    found = meta("教育行动方案", "一、建校。", hints=Hints("", "江东市河口县人民政府", "2023-03-01"))
    assert (found.district, found.issuer, found.issued) == ("河口县", "江东市河口县人民政府", date(2023, 3, 1))


def test_a_five_year_plan_has_its_five_years() -> None:
    """“十四五” in the title is a period, and so are two years in it."""
    assert (meta("某区“十四五”教育规划", "一、建校").start, meta("某区“十四五”教育规划", "一、建校").end) == (
        2021,
        2025,
    )
    assert meta("某区三年行动计划（2023—2025年）", "一、建校").end == 2025


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://www.example.gov.cn/a/1.html">', "https://www.example.gov.cn/a/1.html"),
        ('<meta name="Url" content="http://www.example.gov.cn/2.html">', "http://www.example.gov.cn/2.html"),
        ('<meta property="og:url" content="javascript:alert(1)">', ""),
        ('<link rel="canonical" href="/a/1.html">', ""),
    ],
)
def test_a_saved_page_knows_where_it_was_published(tmp_path: Path, head: str, url: str) -> None:
    """The whole address of the page is kept; what is none, or would run something, is not."""
    page = f"<html><head>{head}</head><body><h1>教育行动方案</h1><p>一、建校。（责任单位：区教委）</p></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert meta_of(read_here(tmp_path / "a.html"), "x").url == url


@pytest.mark.parametrize(
    ("title", "district"),
    [("万州教育行动方案", ""), ("万州区教育行动方案", "万州区"), ("凉山州教育行动方案", "凉山州")],
)
def test_a_short_name_is_no_district(title: str, district: str) -> None:
    """万州 is what people say for 万州区; a prefecture's name ends so too."""
    assert meta(title, "一、建校。").district == district
