"""OFD (GB/T 33190) → blocks: the characters of its pages and the rules of its tables, laid out as those of a PDF.

An OFD is a zip of XML. Lengths are millimetres from the page's top left; here they become points. One whose pages are
pictures has no text, and that is said.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from corpus.readers.document import Document, ReadError
from corpus.readers.docx_package import BROKEN, Element, child, local, value, xml_part
from corpus.readers.limits import PDF_PAGES
from corpus.readers.pages import Sheet, document_of
from corpus.readers.pdf_lines import Char, lines_of
from corpus.readers.pdf_tables import Box, grids_between, inside

_POINTS = 72 / 25.4
_PAGE = (0.0, 0.0, 210.0, 297.0)
_ABOVE = 0.86
"""Share of a character's size above its baseline."""
_NARROW = 0.5
"""Width of a Latin character, in sizes, where the file does not say where the next one stands."""
_THIN = 1.0
"""Millimetres up to which a drawn shape is a rule."""
_LONGEST_TEXT = 100_000
_STEP = re.compile(r"([MLC])([^A-Za-z]*)")
Matrix = tuple[float, float, float, float, float, float]


def read_ofd(path: Path) -> Document:
    """Return the blocks of an OFD; ReadError when it is damaged, too long, or holds pictures of text alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = list(_Package(archive, path.name).sheets())
    except BROKEN as error:
        raise ReadError("damaged", name=path.name, form="OFD") from error
    if not any(sheet.lines or any(cell.text for grid in sheet.grids for cell in grid.cells) for sheet in sheets):
        raise ReadError("scanned_ofd", name=path.name)
    return document_of(sheets)


class _Package:
    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        root = _text(child(self._part("OFD.xml"), "DocBody", "DocRoot")).lstrip("/")
        self._folder = posixpath.dirname(root)
        self._document = self._part(root)
        if self._document is None:
            raise ReadError("damaged", name=name, form="OFD")

    def sheets(self) -> Iterator[Sheet]:
        """Yield the pages in order, each with the template that lies below it."""
        common = child(self._document, "CommonData")
        default = _box(_text(child(common, "PageArea", "PhysicalBox")))
        templates = {value(node, "ID"): value(node, "BaseLoc") for node in _children(common, "TemplatePage")}
        pages = _children(child(self._document, "Pages"), "Page")
        if len(pages) > PDF_PAGES:
            raise ReadError("too_many_pages", name=self._name, pages=len(pages), limit=PDF_PAGES)
        for page in pages:
            root = self._part(self._at(value(page, "BaseLoc")))
            if root is None:
                continue
            size = _box(_text(child(root, "Area", "PhysicalBox"))) or default or _PAGE
            below = [templates.get(value(node, "TemplateID"), "") for node in _children(root, "Template")]
            roots = [root, *(self._part(self._at(place)) for place in below if place)]
            yield _sheet([one for one in roots if one is not None], size)

    def _part(self, place: str) -> Element | None:
        return xml_part(self._archive, place, self._name, "OFD")

    def _at(self, place: str) -> str:
        if place.startswith("/"):
            return posixpath.normpath(place).lstrip("/")
        return posixpath.normpath(posixpath.join("/", self._folder, place)).lstrip("/")


def _sheet(roots: list[Element], size: Box) -> Sheet:
    chars: list[Char] = []
    rules: list[Box] = []
    for root in roots:
        for node in root.iter():
            if local(node) == "TextObject":
                chars += _chars(node, size)
            elif local(node) == "PathObject":
                rules += _rules(node, size)
    grids = grids_between(rules, chars) if rules else []
    outside = [char for char in chars if not any(inside(char, grid.box) for grid in grids)]
    width, height = (size[2] * _POINTS, size[3] * _POINTS)
    return Sheet(width, height, lines_of(outside), grids)


def _chars(node: Element, page: Box) -> Iterator[Char]:
    """Yield the characters of a text object."""
    size = _number(value(node, "Size"), 3.5)
    for code in _children(node, "TextCode"):
        text = (_text(code) or "")[:_LONGEST_TEXT]
        steps = _steps(value(code, "DeltaX"), len(text)) or [size * _width(one) for one in text]
        down = _steps(value(code, "DeltaY"), len(text))
        lefts = list(accumulate(steps, initial=_number(value(code, "X"), 0.0)))
        tops = list(accumulate(down, initial=_number(value(code, "Y"), size)))
        for at, sign in enumerate(text):
            left, base = lefts[min(at, len(lefts) - 1)], tops[min(at, len(tops) - 1)]
            x, y = _placed(node, left, base, page)
            scale = _scale(node)
            yield {
                "text": sign,
                "x0": x,
                "x1": x + size * _width(sign) * scale * _POINTS,
                "top": y - size * _ABOVE * scale * _POINTS,
                "bottom": y + size * (1 - _ABOVE) * scale * _POINTS,
                "size": size * scale * _POINTS,
            }


def _rules(node: Element, page: Box) -> Iterator[Box]:
    """Yield the level and upright strokes of a drawn path, and thin shapes, as boxes."""
    points: list[tuple[float, float]] = []
    start: tuple[float, float] | None = None
    for step, numbers in _STEP.findall(_text(child(node, "AbbreviatedData"))):
        found = numbers.split()
        if step == "C" and start is not None:
            points.append(start)
        elif len(found) >= 2:
            point = _placed(node, _number(found[0], 0.0), _number(found[1], 0.0), page)
            start = point if step == "M" or start is None else start
            points = [point] if step == "M" else [*points[-1:], point]
        if len(points) >= 2:
            (x0, y0), (x1, y1) = points[-2:]
            if min(abs(x1 - x0), abs(y1 - y0)) < _THIN * _POINTS < max(abs(x1 - x0), abs(y1 - y0)):
                yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
            points = points[-1:]


def _placed(node: Element, x: float, y: float, page: Box) -> tuple[float, float]:
    """Return where a point of an object stands on the page, in points."""
    a, b, c, d, e, f = _matrix(node)
    left, top = (_box(value(node, "Boundary")) or _PAGE)[:2]
    return ((a * x + c * y + e + left - page[0]) * _POINTS, (b * x + d * y + f + top - page[1]) * _POINTS)


def _matrix(node: Element) -> Matrix:
    numbers = [_number(one, 0.0) for one in value(node, "CTM").split()]
    return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) if len(numbers) == 6 else (
        1.0, 0.0, 0.0, 1.0, 0.0, 0.0,
    )  # fmt: skip


def _scale(node: Element) -> float:
    return abs(_matrix(node)[3]) or 1.0


def _steps(text: str, most: int) -> list[float]:
    """Return distances from one character to the next; ``g 10 5`` says ten times 5."""
    words = text.split()
    steps: list[float] = []
    while words and len(steps) < most:
        if words[0] == "g" and len(words) >= 3:
            often = min(int(_number(words[1], 0.0)), most)
            steps += [_number(words[2], 0.0)] * often
            words = words[3:]
        else:
            steps.append(_number(words[0], 0.0))
            words = words[1:]
    return steps


def _width(sign: str) -> float:
    return _NARROW if sign.isascii() else 1.0


def _box(text: str) -> Box | None:
    numbers = [_number(one, 0.0) for one in text.split()]
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


def _number(text: str, default: float) -> float:
    """Return a length; the default where none is written, or one that no page has."""
    try:
        number = float(text)
    except ValueError:
        return default
    return number if abs(number) < _LONGEST_TEXT else default


def _text(element: Element | None) -> str:
    return (element.text or "") if element is not None else ""


def _children(element: Element | None, name: str) -> list[Element]:
    return [node for node in element if local(node) == name] if element is not None else []
