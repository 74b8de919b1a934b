"""A saved web page gives its document: whole, with its tables, and without the page around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.blocks import Paragraph, TableRow
from corpus.readers import Document, Hints
from corpus.readers.formats import read_here

PROSE = "各部门要高度重视，加强组织领导，明确责任分工，细化工作措施，确保各项任务落到实处。"


def read(folder: Path, page: str, encoding: str = "utf-8", name: str = "page.html") -> Document:
    """Return what is read from a page."""
    path = folder / name
    path.write_bytes(page.encode(encoding))
    return read_here(path)


def texts(document: Document) -> list[str]:
    """Return the blocks, a line each."""
    return ["|".join(block.cells) if isinstance(block, TableRow) else block.text for block in document.blocks]


SITE = """<body><form><div id=top><ul><li><a href=/>首页</a></li>
<li><a href=/a>政务公开</a></li></ul>热门搜索：</div>
<div>您当前的位置：<a href=/>首页</a> &gt; 规划</div><div class=wrap>
<div class=left><h3>信息公开</h3></div><div class=right>
<div class=tit>江东省河口区人民政府<br>关于印发教育方案的通知</div>
<div>发布时间：2024-05-10 来源：区府办 【字体：大 中 小】</div>
<div class=editor>{text}</div><div>分享到：<a>微信</a></div>
<p>下一篇：<a href=/b>关于某事，关于某人，等等的通知</a></p></div></div>
<div id=foot><p>主办：河口区人民政府，地址：某路1号，邮政编码400000，电话023-00000000，欢迎来访。</p></div></form>
<div style="DISPLAY: none"><p>责任单位：某单位。</p></div><script>var x = "<p>负责）</p>"</script></body>"""


def test_the_page_around_the_document_is_left_out_and_listed(tmp_path: Path) -> None:
    """Menus, tools, hidden notices and the foot of the page are dropped, and the report can say so."""
    text = f"<p>{PROSE}</p><p>一、建校。</p><p>（责任单位：区教委）</p>{f'<p>{PROSE}</p>' * 2}<p>河口区人民政府</p>"
    document = read(tmp_path, SITE.format(text=text))
    title = ["江东省河口区人民政府", "关于印发教育方案的通知"]
    assert texts(document) == [*title, PROSE, "一、建校。", "（责任单位：区教委）", PROSE, PROSE, "河口区人民政府"]
    assert {"首页", "分享到：微信", "发布时间：2024-05-10 来源：区府办 【字体：大 中 小】"} <= {
        d.text for d in document.dropped
    }


def test_a_heading_above_the_document_is_its_title(tmp_path: Path) -> None:
    """An h1 stays though it stands outside the element that holds the text."""
    page = f"<div><h1>教育发展蓝图</h1><p>热门</p><div>{f'<p>{PROSE}</p>' * 4}</div></div>"
    assert texts(read(tmp_path, page)) == ["教育发展蓝图", *[PROSE] * 4]


def test_a_part_of_the_plan_outside_the_main_element_keeps_it(tmp_path: Path) -> None:
    """An annex table, or a single line with units, in an element of its own is not taken for furniture."""
    long = f"<div>{f'<p>{PROSE}</p>' * 20}</div>"
    assert "附表|区教委" in texts(read(tmp_path, f"<div>{long}<div><table><tr><td>附表<td>区教委</table></div></div>"))
    assert "（区财政局负责）" in texts(read(tmp_path, f"<div>{long}<div><p>（区财政局负责）</p></div></div>"))
    assert f"三、{PROSE}" in texts(read(tmp_path, f"<div>{long}<div><p>三、{PROSE}</p></div></div>"))


def test_cells_that_span_are_repeated(tmp_path: Path) -> None:
    """Cells with rowspan and colspan are laid out as on the screen."""
    page = f"""<p>{PROSE}</p><table><tr><th colspan=2>任务<th>单位</tr>
      <tr><td rowspan=2>体系<td>建校<td rowspan=0>区教委</tr><tr><td>扩班</table>"""
    rows = [block.cells for block in read(tmp_path, page).blocks if isinstance(block, TableRow)]
    assert rows == [("任务", "任务", "单位"), ("体系", "建校", "区教委"), ("体系", "扩班", "区教委")]


def test_a_table_that_lays_out_the_page_is_no_table(tmp_path: Path) -> None:
    """Old pages stand in tables; the tables of data inside them are still read."""
    page = f"<table><tr><td>菜单<td><p>{PROSE}</p><table><tr><td>甲<td>乙</table></table>"
    assert texts(read(tmp_path, page))[-2:] == [PROSE, "甲|乙"]


@pytest.mark.parametrize(
    ("encoding", "meta"),
    [("gb18030", "gb2312"), ("gb18030", ""), ("utf-8", "gb2312"), ("utf-16", ""), ("big5", "big5")],
)
def test_the_encoding_is_found_whatever_the_page_says(tmp_path: Path, encoding: str, meta: str) -> None:
    """Pages name GBK by its old name, none at all, or the wrong one after a browser saved them."""
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={meta}"></head><body><p>教育局負責'
    assert texts(read(tmp_path, page, encoding)) == ["教育局負責"]


def test_lines_of_the_source_are_no_lines_of_the_text(tmp_path: Path) -> None:
    """Source lines join without a blank between Chinese characters; br and p part paragraphs."""
    page = "<p>完善\n   体系，建成 3 个\n中心。<br>区教委</p><p>&nbsp;</p><p>　　区财\u200b政局 </p>"
    assert texts(read(tmp_path, page)) == ["完善体系，建成 3 个 中心。".replace("个 中", "个中"), "区教委", "区财政局"]


def test_numbers_of_ordered_lists_are_printed(tmp_path: Path) -> None:
    """A list item carries the number that a browser shows before it."""
    page = "<ol start=3><li>建校</li><li><p>扩班</p></li></ol><ul><li>其他</ul>"
    assert texts(read(tmp_path, page)) == ["3.建校", "4.扩班", "其他"]


def test_what_the_page_says_about_the_document_is_kept(tmp_path: Path) -> None:
    """Title, issuer and date come from the table of particulars, then from the meta tags."""
    page = f"""<meta name=ArticleTitle content="某区教育方案"><meta name=PubDate content="2024-05-08 10:00">
      <table><tr><td>索引号<td>1150<td>发文机关：<td>某区人民政府</tr><tr><td>成文日期<td>2024年5月6日<td>主题分类<td>教育</table>
      <p>{PROSE}</p>"""
    document = read(tmp_path, page)
    assert document.hints == Hints("某区教育方案", "某区人民政府", "2024年5月6日")
    assert texts(document) == [PROSE]


def test_an_archive_of_a_page_is_read_like_the_page(tmp_path: Path) -> None:
    """Some browsers save a page as one MIME file."""
    page = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n<p>区教委负责建校。</p>\r\n--b--\r\n"
    )
    assert texts(read(tmp_path, page, name="page.mht")) == ["区教委负责建校。"]


def test_markdown_is_read_with_its_tables_and_without_its_marks(tmp_path: Path) -> None:
    """Headings, emphasis and tables of Markdown become plain blocks, a line a paragraph."""
    text = "# 某区方案\n\n一、**建校**。\n（责任单位：区教委）\n\n| 任务 | 单位 |\n|---|---|\n| 扩班 | 区教委 |\n"
    document = read(tmp_path, text, name="a.md")
    assert texts(document) == ["某区方案", "一、建校。", "（责任单位：区教委）", "任务|单位", "扩班|区教委"]
    assert isinstance(document.blocks[0], Paragraph)


def test_a_page_nested_without_end_is_read(tmp_path: Path) -> None:
    """Nesting that would overflow a recursive reader, or be searched through at every level, does no harm."""
    assert texts(read(tmp_path, "<table><tr><td>" * 20000 + "区教委负责")) == ["区教委负责"]
    assert texts(read(tmp_path, "<div>" * 20000 + "区教委负责")) == ["区教委负责"]
