"""Turns blocks into the files an office would bring: a Word document, a saved web page, a PDF."""

from __future__ import annotations

import html
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import groupby
from pathlib import Path

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from corpus.blocks import Block, TableRow
from corpus.structure import textfile
from corpus.structure.furniture import strip
from corpus.structure.table_joins import join_cells

Span = tuple[int, int, int, int]
"""Top, left, bottom, right: places of a table that are one cell."""


def parts(blocks: Sequence[Block]) -> Iterator[str | list[TableRow]]:
    """Yield paragraphs and whole tables in order."""
    for table, run in groupby(blocks, key=lambda block: block.table if isinstance(block, TableRow) else 0):
        if table:
            yield [block for block in run if isinstance(block, TableRow)]
        else:
            yield from (block.text for block in run if not isinstance(block, TableRow))


def grid_of(rows: Sequence[TableRow]) -> tuple[list[list[str]], list[Span]]:
    """Return a table's places and the cells that span: short rows to the right, empty places under a filled one."""
    width = max(len(row.cells) for row in rows)
    places = [[*row.cells, *[""] * (width - len(row.cells))] for row in rows]
    spans: list[Span] = []
    for number, row in enumerate(rows):
        if len(row.cells) < width:
            spans.append((number, len(row.cells) - 1, number, width - 1))
    for column in range(width):
        top = 0
        for number in range(1, len(rows) + 1):
            goes_on = number < len(rows) and not places[number][column] and len(rows[number].cells) == width
            if not goes_on:
                if number - 1 > top and len(rows[top].cells) == width:
                    spans.append((top, column, number - 1, column))
                top = number
    return places, spans


def write_docx(blocks: Sequence[Block], path: Path) -> None:
    """Write a Word document with merged cells, a page header and page numbers."""
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "某区人民政府行政规范性文件"
    page = OxmlElement("w:fldSimple")
    page.set(qn("w:instr"), "PAGE")
    section.footer.paragraphs[0]._p.append(page)
    for part in parts(blocks):
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        places, spans = grid_of(part)
        table = document.add_table(len(places), len(places[0]), style="Table Grid")
        for row, texts in zip(table.rows, places, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        for top, left, bottom, right in spans:
            text = places[top][left]
            table.cell(top, left).merge(table.cell(bottom, right)).text = text
    document.save(str(path))


_PAGE = """<!DOCTYPE html>
<html><head><meta charset="{encoding}"><meta name="ArticleTitle" content="{title}"><title>{title}_某区人民政府</title>
<style>p {{ text-indent: 2em }}</style><script>var page = "<p>区财政局负责。</p>";</script></head>
<body><div class="top"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li></ul></div>
<div id="popup" style="display: none"><p>您访问的链接即将离开本网站，是否继续？责任单位：某单位。</p></div>
<div class="main"><div class="article">
{body}
</div><div class="share"><a href="#">分享到微信</a></div></div>
<div class="bottom"><p>主办：某区人民政府办公室　承办：某区政务中心</p><p><a href="/map">网站地图</a></p></div>
</body></html>"""


def write_html(blocks: Sequence[Block], path: Path, encoding: str = "utf-8") -> None:
    """Write a web page with the furniture of a government site around the document."""
    body = [
        f"<p>&nbsp;&nbsp;{html.escape(part)}</p>" if isinstance(part, str) else _html_table(part)
        for part in parts(blocks)
    ]
    title = next(part for part in parts(blocks) if isinstance(part, str))
    page = _PAGE.format(encoding=encoding, title=html.escape(title), body="\n".join(body))
    path.write_bytes(page.encode(encoding, errors="xmlcharrefreplace"))


def _html_table(rows: Sequence[TableRow]) -> str:
    places, spans = grid_of(rows)
    starts = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in spans}
    hidden = {
        (row, column)
        for top, left, bottom, right in spans
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(starts)
    lines: list[str] = []
    for row, texts in enumerate(places):
        cells = ""
        for column, text in enumerate(texts):
            if (row, column) not in hidden:
                down, across = starts.get((row, column), (1, 1))
                inner = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))
                cells += f'<td rowspan="{down}" colspan="{across}">{inner}</td>'
        lines.append(f"<tr>{cells}</tr>")
    return f"<table border=1>{''.join(lines)}</table>"


def write_pdf(blocks: Sequence[Block], path: Path) -> None:
    """Write a PDF the way an office does, through a word processor; LibreOffice must be installed."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source.docx")
        write_docx(blocks, source)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        shutil.copyfile(source.with_suffix(".pdf"), path)


def shipped_blocks(name: str) -> tuple[Block, ...]:
    """Return the blocks of a shipped plan's text as an office's word processor would hold them: tables as tables."""
    text = resources.files("corpus").joinpath("plans", name, "text.txt").read_text(encoding="utf-8")
    return join_cells(strip(textfile.blocks(text))[0])
