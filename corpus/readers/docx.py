"""Word documents (.docx) → blocks.

Kept: automatic numbers, merged cells in every row and column they span, text boxes, footnotes and endnotes (as
paragraphs after the one that refers to them).  Left out: headers and footers, field codes, tables of contents,
hidden text, and what tracked changes deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus.readers.document import BlockList, Document
from corpus.readers.docx_headings import Headings
from corpus.readers.docx_numbering import Numbering
from corpus.readers.docx_package import Element, Package, child, local, open_package, value
from corpus.readers.limits import COLUMNS
from corpus.readers.tables import TableSize

_SKIPPED = {"pPr", "rPr", "del", "moveFrom", "instrText", "delText", "rt", "sdtPr", "sectPr", "tblPr", "trPr", "tcPr"}
_DRAWN = {"drawing", "pict", "object"}
_SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_OFF = {"0", "false", "off"}


@dataclass(slots=True)
class _Line:
    """A paragraph's own text, and what hangs on it."""

    text: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[Element] = field(default_factory=list)


class _Walker:
    def __init__(self, package: Package) -> None:
        self._numbering = Numbering(package)
        self._headings = Headings(package)
        self._notes = {
            (kind, value(note, "id")): note
            for kind, part in (("footnote", package.footnotes), ("endnote", package.endnotes))
            for note in (part if part is not None else ())
        }
        self.out = BlockList()

    def blocks(self, parent: Element) -> None:
        """Add every paragraph and table below ``parent``."""
        for node in _content(parent, {"p", "tbl"}):
            if local(node) == "p":
                self._paragraph(node)
            else:
                self._table(node)

    def _paragraph(self, node: Element) -> None:
        text, hanging = self._read(node)
        if not _is_contents(node):
            self.out.paragraph(text, self._headings.level(child(node, "pPr")))
        self._hang(hanging)

    def _read(self, node: Element, *, in_cell: bool = False) -> tuple[str, _Line]:
        """Return a paragraph's text with its number; a number alone counts in a cell (a column of numbers) only."""
        line = _Line()
        self._inline(node, line)
        text = "".join(line.text)
        number = self._numbering.label(child(node, "pPr"))
        if not text.strip() and not in_cell:
            number = ""
        if not number:
            return text, line
        text = text.strip()
        gap = " " if text and (number[-1].isdigit() or text[0].isdigit()) else ""
        return f"{number}{gap}{text}", line

    def _hang(self, line: _Line) -> None:
        for extra in (*line.boxes, *line.notes):
            self.blocks(extra)

    def _inline(self, parent: Element, line: _Line) -> None:
        for node in parent:
            name = local(node)
            if name in _SKIPPED or (name == "r" and _hidden(node)):
                continue
            if name == "t":
                line.text.append(node.text or "")
            elif name in _SIGNS:
                line.text.append(_SIGNS[name])
            elif name == "br":
                line.text.append("\n")
            elif name in _DRAWN:
                line.boxes.extend(_text_boxes(node))
            elif name in {"footnoteReference", "endnoteReference"}:
                note = self._notes.get((name.removesuffix("Reference"), value(node, "id")))
                line.notes.extend([] if note is None else [note])
            elif name == "AlternateContent":
                line.boxes.extend(_text_boxes(node))
            else:
                self._inline(node, line)

    def _table(self, node: Element) -> None:
        hanging = _Line()
        rows = self._rows(node, hanging)
        width = max(map(len, rows), default=0)
        self.out.table([row + [""] * (width - len(row)) for row in rows])
        self._hang(hanging)

    def _rows(self, table: Element, hanging: _Line) -> list[list[str]]:
        rows: list[list[str]] = []
        spanning: dict[int, str] = {}
        size = TableSize()
        for row in _content(table, {"tr"}):
            if child(row, "trPr", "del") is not None:
                continue
            cells = [""] * _count(child(row, "trPr", "gridBefore"), 0)
            for cell in _content(row, {"tc"}):
                merge = child(cell, "tcPr", "vMerge")
                column = len(cells)
                if merge is not None and value(merge) != "restart":
                    text = spanning.get(column, "")
                else:
                    text = self._cell(cell, hanging)
                spanning[column] = text
                cells.extend([text] * _count(child(cell, "tcPr", "gridSpan"), 1))
            rows.append(cells)
            size.add(cells)
        return rows

    def _cell(self, cell: Element, hanging: _Line) -> str:
        parts: list[str] = []
        for node in _content(cell, {"p", "tbl"}):
            if local(node) == "p":
                text, line = self._read(node, in_cell=True)
                parts.append(text)
                hanging.boxes.extend(line.boxes)
                hanging.notes.extend(line.notes)
            else:
                parts.extend(" ".join(dict.fromkeys(row)) for row in self._rows(node, hanging))
        return "\n".join(parts)


def _content(parent: Element, wanted: set[str]) -> Iterator[Element]:
    """Yield the elements wanted, through wrappers (content controls, insertions) but not out of one another."""
    for node in parent:
        name = local(node)
        if name in wanted:
            yield node
        elif name == "AlternateContent":
            yield from _content(_choice(node), wanted)
        elif name not in _SKIPPED:
            yield from _content(node, wanted)


def _choice(node: Element) -> Element:
    chosen = child(node, "Choice")
    return node[0] if chosen is None and len(node) else node if chosen is None else chosen


def _text_boxes(node: Element) -> list[Element]:
    """Return the text boxes of a drawing once, though it is often stored for two versions of Word."""
    source = _choice(node) if local(node) == "AlternateContent" else node
    return list(_content(source, {"txbxContent"}))


def _hidden(run: Element) -> bool:
    vanish = child(run, "rPr", "vanish")
    return vanish is not None and value(vanish) not in _OFF


def _is_contents(paragraph: Element) -> bool:
    """Tell whether a paragraph is a line of the table of contents, by its style."""
    style = value(child(paragraph, "pPr", "pStyle")).lower().replace(" ", "")
    return style.startswith("toc") and style[3:].isdigit()


def _count(element: Element | None, default: int) -> int:
    text = value(element)
    return min(int(text), COLUMNS) if text.isdigit() else default


def read_docx(path: Path) -> Document:
    """Return the blocks of the .docx at ``path``; ReadError when it is damaged, encrypted or a zip bomb."""
    package = open_package(path)
    walker = _Walker(package)
    walker.blocks(package.body)
    return Document(tuple(walker.out.blocks))
