"""Nothing of a Word document's text is lost, and nothing that it does not show gets in."""

from __future__ import annotations

from pathlib import Path

from corpus.blocks import Block, Paragraph, TableRow
from corpus.readers.formats import read_here
from tests.docx_parts import p, write_parts


def read(path: Path, body: str, **parts: str) -> tuple[Block, ...]:
    """Return the blocks of a document with this body."""
    return read_here(write_parts(path / "a.docx", body, **parts)).blocks


def cell(text: str, properties: str = "") -> str:
    """Return a table cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def test_a_merged_cell_stands_in_every_row_and_column_it_spans(tmp_path: Path) -> None:
    """Group and units of a task table are repeated beside each of their tasks."""
    start, on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="3"/>'
    rows = [
        cell("一、体系建设", wide),
        cell("健全网络", start) + cell("任务一") + cell("区卫健委", start),
        cell("", on) + cell("任务二") + cell("", on),
        cell("培养人才") + cell("任务三") + cell("区人社局"),
    ]
    blocks = read(tmp_path, f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")
    assert [block.cells for block in blocks if isinstance(block, TableRow)] == [
        ("一、体系建设", "一、体系建设", "一、体系建设"),
        ("健全网络", "任务一", "区卫健委"),
        ("健全网络", "任务二", "区卫健委"),
        ("培养人才", "任务三", "区人社局"),
    ]


def test_text_boxes_and_footnotes_are_read_once(tmp_path: Path) -> None:
    """A text box stored for two versions of Word is read once, and a footnote follows its paragraph."""
    box = f"<w:txbxContent>{p('责任单位：区教委')}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = f'<w:footnote w:id="2">{p("注：含民办学校。")}</w:footnote>'
    blocks = read(tmp_path, p("建设学校。", extra=drawn + note) + p("下一段"), footnotes=notes)
    assert [b.text for b in blocks if isinstance(b, Paragraph)] == [
        "建设学校。", "责任单位：区教委", "注：含民办学校。", "下一段",
    ]  # fmt: skip


def test_only_what_the_reader_sees_is_read(tmp_path: Path) -> None:
    """Deleted and hidden text, field codes and the table of contents stay out; insertions and links are in."""
    deleted = "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
    field = "<w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r>"
    inserted = "<w:ins><w:r><w:t>新增</w:t></w:r></w:ins>"
    link = "<w:hyperlink><w:r><w:t>附件1</w:t></w:r></w:hyperlink>"
    contents = p("一、总体要求\t3", '<w:pStyle w:val="TOC1"/>')
    blocks = read(tmp_path, contents + p("任务：", extra=deleted + hidden + field + inserted + link))
    assert [b.text for b in blocks if isinstance(b, Paragraph)] == ["任务：新增附件1"]


def test_a_title_broken_by_hand_is_two_lines_and_a_cell_keeps_its_lines(tmp_path: Path) -> None:
    """A line break inside a paragraph parts titles as it does in text; in a cell it stays a line break."""
    broken = "<w:r><w:br/><w:t>实施方案</w:t></w:r>"
    table = f"<w:tbl><w:tr><w:tc>{p('区教委')}{p('区财政局')}</w:tc>{cell('建校')}</w:tr></w:tbl>"
    blocks = read(tmp_path, p("某区教育发展", extra=broken) + table)
    assert blocks == (
        Paragraph("某区教育发展", 1),
        Paragraph("实施方案", 2),
        TableRow(("区教委\n区财政局", "建校"), 3, 1),
    )


def test_a_frame_of_one_cell_is_paragraphs(tmp_path: Path) -> None:
    """A 专栏 drawn as a table of one cell reads as the paragraphs in it."""
    blocks = read(tmp_path, f"<w:tbl><w:tr><w:tc>{p('专栏1 重点工程')}{p('1.建校。')}</w:tc></w:tr></w:tbl>")
    assert blocks == (Paragraph("专栏1 重点工程", 1), Paragraph("1.建校。", 2))


def test_content_controls_around_rows_and_paragraphs_hide_nothing(tmp_path: Path) -> None:
    """Templates wrap paragraphs, rows and cells in content controls."""
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = control.format(f"<w:tr>{control.format(cell('甲'))}{cell('乙')}</w:tr>")
    blocks = read(tmp_path, control.format(p("标题")) + f"<w:tbl>{row}</w:tbl>")
    assert blocks == (Paragraph("标题", 1), TableRow(("甲", "乙"), 2, 1))
