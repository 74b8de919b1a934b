"""The imagined documents of ``forms/``, written as the files an office has: text, Word, Excel, PDF, scan, OFD, zip."""

from __future__ import annotations

import csv
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from corpus.blocks import Block, TableRow
from corpus.structure import textfile
from tests.docx_parts import level, numbered, numbering, p, write_parts
from tests.plan_files import grid_of, parts, write_docx, write_html
from tests.printing import write_ofd, write_pdf, write_photo, write_scan

FOLDER = Path(__file__).with_name("forms")
HALVES = ("seen", "kept")
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="s{one}"><w:name w:val="heading {one}"/></w:style>' for one in (1, 2, 3)
)
NUMBERING = numbering(level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"))
_SUFFIX = {"scan": "pdf", "photo": "jpg"}


@dataclass(frozen=True, slots=True)
class FormDocument:
    """One imagined document with what is right for it."""

    id: str
    form: str
    text: str
    gold: tuple[str, ...]
    asks: tuple[str, ...]
    numbered: bool = False
    """Whether Word numbers its paragraphs."""


def documents(half: str) -> Iterator[FormDocument]:
    """Yield the documents of one half."""
    for file in sorted((FOLDER / half).glob("*.toml")):
        for one in tomllib.loads(file.read_text(encoding="utf-8"))["document"]:
            lists = {"gold": tuple(one["gold"]), "asks": tuple(one["asks"])}
            yield FormDocument(**{**one, **lists, "text": one["text"].strip("\n")})


def write(document: FormDocument, folder: Path) -> Path:
    """Write a document as a file of its form; return its path."""
    path = folder / f"{document.id}.{_SUFFIX.get(document.form, document.form)}"
    _WRITERS[document.form](document, path)
    return path


def _text(document: FormDocument, path: Path) -> None:
    path.write_text(document.text, encoding="utf-8")


def _blocks(write: Callable[[Sequence[Block], Path], None]) -> Callable[[FormDocument, Path], None]:
    return lambda document, path: write(textfile.blocks(document.text), path)


def _word(document: FormDocument, path: Path) -> None:
    """Write styled or numbered paragraphs from raw parts, tables through a library."""
    if "\t" in document.text:
        write_docx(textfile.blocks(document.text), path)
        return
    body = "".join(map(_paragraph, document.text.split("\n")))
    write_parts(path, body, styles=STYLES, numbering=NUMBERING)


def _paragraph(line: str) -> str:
    mark, _, text = line.partition(" ")
    if mark in {"H1", "H2", "H3"}:
        return p(text, f'<w:pStyle w:val="s{mark[1]}"/>')
    return numbered(text, int(mark[1]) - 1) if mark in {"N1", "N2"} else p(line)


def _sheets(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text that lines === NAME begin; one without a name where there is no such line."""
    for part in f"\n{text}".split("\n=== ") if text.startswith("=== ") else ["\n" + text]:
        name, _, rest = part.partition("\n")
        if rest.strip():
            yield name.strip(), rest


def _workbook(document: FormDocument, path: Path) -> None:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, text in _sheets(document.text):
        _fill(made.create_sheet(name or "Sheet1"), textfile.blocks(text))
    made.save(path)


def _fill(sheet: Worksheet, blocks: Sequence[Block]) -> None:
    """Write paragraphs as merged lines, tables with their spans and what a line repeats merged."""
    width = max(len(block.cells) for block in blocks if isinstance(block, TableRow))
    at = 1
    for part in parts(blocks):
        if isinstance(part, str):
            sheet.cell(at, 1, part)
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=width)
            at += 1
            continue
        places, spans = grid_of(part)
        for row, cells in enumerate(places):
            for column, text in enumerate(cells):
                if text and (not column or cells[column - 1] != text):
                    sheet.cell(at + row, column + 1, int(text) if text.isdigit() else text)
            _merge_repeated(sheet, at + row, cells)
        for top, left, bottom, right in spans:
            if top != bottom:
                sheet.merge_cells(start_row=at + top, end_row=at + bottom, start_column=left + 1, end_column=right + 1)
        at += len(places)


def _merge_repeated(sheet: Worksheet, row: int, cells: Sequence[str]) -> None:
    start = 0
    for column in range(1, len(cells) + 1):
        if column == len(cells) or cells[column] != cells[start] or not cells[start]:
            if column - start > 1:
                sheet.merge_cells(start_row=row, end_row=row, start_column=start + 1, end_column=column)
            start = column


def _csv(document: FormDocument, path: Path) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(line.split("\t") for line in document.text.split("\n"))


def _archive(document: FormDocument, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _sheets(document.text):
            form = name.rpartition(".")[2]
            part = FormDocument(f"{path.stem}-part", form, text.strip("\n"), (), ())
            file = write(part, path.parent)
            archive.write(file, name)
            file.unlink()


_WRITERS: dict[str, Callable[[FormDocument, Path], None]] = {
    "txt": _text,
    "md": _text,
    "docx": _word,
    "html": _blocks(write_html),
    "xlsx": _workbook,
    "csv": _csv,
    "pdf": _blocks(write_pdf),
    "ofd": _blocks(write_ofd),
    "scan": _blocks(lambda blocks, path: write_scan(blocks, path, 0.4)),
    "photo": _blocks(write_photo),
    "zip": _archive,
}
