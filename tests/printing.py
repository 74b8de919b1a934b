"""Lays blocks out on pages and prints them: a PDF with a text layer, an OFD, pictures, a PDF of such pictures.

Nothing is embedded: the PDF names a font that every reader knows the characters of, so a page is a few kilobytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from corpus.blocks import Block, TableRow
from tests.plan_files import grid_of, parts

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 72.0
TITLE, BODY, CELL = 18.0, 14.0, 10.5
LEADING = 1.6
PADDING = 4.0
STUCK = "，。；：、）》”％%．.!！?？】〕"
MM = 25.4 / 72
DPI = 160


@dataclass
class Page:
    """Characters (text, left, baseline, size) and rules (left, top, right, bottom), in points from the top left."""

    signs: list[tuple[str, float, float, float]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


def width_of(sign: str, size: float) -> float:
    """Return how wide a character is."""
    return size * (0.5 if sign.isascii() else 1.0)


def wrapped(text: str, size: float, room: float, indent: float = 0.0) -> list[str]:
    """Cut a text into lines; no line begins with a mark that closes."""
    lines = [""]
    used = indent
    for sign in text:
        if sign == "\n":
            lines.append("")
            used = 0.0
            continue
        if used + width_of(sign, size) > room and sign not in STUCK:
            lines.append("")
            used = 0.0
        lines[-1] += sign
        used += width_of(sign, size)
    return lines


class Printer:
    """Puts paragraphs and tables onto pages."""

    def __init__(self) -> None:
        self.pages = [Page()]
        self.top = MARGIN

    def _room(self, height: float) -> None:
        if self.top + height > HEIGHT - MARGIN and self.top > MARGIN:
            self.pages.append(Page())
            self.top = MARGIN

    def _line(self, text: str, left: float, size: float, top: float) -> None:
        for sign in text:
            if sign.strip():
                self.pages[-1].signs.append((sign, left, top + size, size))
            left += width_of(sign, size)

    def title(self, text: str) -> None:
        """Add a centred line."""
        for line in wrapped(text, TITLE, WIDTH - 2 * MARGIN):
            self._room(TITLE * LEADING)
            wide = sum(width_of(sign, TITLE) for sign in line)
            self._line(line, (WIDTH - wide) / 2, TITLE, self.top)
            self.top += TITLE * LEADING
        self.top += TITLE

    def paragraph(self, text: str) -> None:
        """Add a paragraph with its first line indented."""
        indent = 2 * BODY
        for number, line in enumerate(wrapped(text, BODY, WIDTH - 2 * MARGIN, indent)):
            self._room(BODY * LEADING)
            self._line(line, MARGIN + (0 if number else indent), BODY, self.top)
            self.top += BODY * LEADING

    def table(self, rows: Sequence[TableRow]) -> None:
        """Add a ruled table; cells that span are one box."""
        places, spans = grid_of(rows)
        lefts = self._columns(places)
        covered = {
            (row, column): span
            for span in spans
            for row in range(span[0], span[2] + 1)
            for column in range(span[1], span[3] + 1)
        }
        boxes: dict[tuple[int, int, int, int], list[str]] = {}
        for row, cells in enumerate(places):
            for column in range(len(cells)):
                span = covered.get((row, column), (row, column, row, column))
                room = lefts[span[3] + 1] - lefts[span[1]] - 2 * PADDING
                boxes[span] = wrapped(places[span[0]][span[1]], CELL, room)
        heights = [
            max([len(lines) for span, lines in boxes.items() if span[0] == row == span[2]] or [1]) * CELL * 1.3
            + 2 * PADDING
            for row in range(len(places))
        ]
        self.top += CELL
        for row, height in enumerate(heights):
            self._room(height)
            for span, lines in boxes.items():
                if span[0] == row:
                    bottom = self.top + sum(heights[row : span[2] + 1])
                    self._box(lefts[span[1]], self.top, lefts[span[3] + 1], bottom, lines)
            self.top += height
        self.top += CELL

    def _columns(self, places: list[list[str]]) -> list[float]:
        """Return the left edges of the columns and the right edge of the last."""
        longest = [
            max(max(map(len, (row[column] or " ").split("\n"))) for row in places) for column in range(len(places[0]))
        ]
        shares = [min(max(one, 3), 16) for one in longest]
        lefts = [MARGIN]
        for share in shares:
            lefts.append(lefts[-1] + share * (WIDTH - 2 * MARGIN) / sum(shares))
        return lefts

    def _box(self, left: float, top: float, right: float, bottom: float, lines: list[str]) -> None:
        for rule in (
            (left, top, right, top),
            (left, bottom, right, bottom),
            (left, top, left, bottom),
            (right, top, right, bottom),
        ):
            self.pages[-1].rules.append(rule)
        for number, line in enumerate(lines):
            self._line(line, left + PADDING, CELL, top + PADDING + number * CELL * 1.3)


def laid_out(blocks: Sequence[Block]) -> list[Page]:
    """Return the pages that blocks fill; the first paragraph is the title."""
    printer = Printer()
    for number, part in enumerate(parts(blocks)):
        if not isinstance(part, str):
            printer.table(part)
        elif number == 0:
            printer.title(part)
        else:
            printer.paragraph(part)
    return printer.pages


_CID_FONT = (
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 5 0 R/DW 1000/W[1 95 500]"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>"
)
_DESCRIPTOR = (
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
)


def write_pdf(blocks: Sequence[Block], path: Path) -> None:
    """Write a PDF with a text layer."""
    pages = laid_out(blocks)
    contents = [_content(page).encode() for page in pages]
    kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        _CID_FONT,
        _DESCRIPTOR,
    ]
    for at, content in enumerate(contents):
        box = f"/MediaBox[0 0 {WIDTH:g} {HEIGHT:g}]/Resources<</Font<</F 3 0 R>>>>/Contents {7 + 2 * at} 0 R"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}>>".encode())
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    path.write_bytes(_pdf(objects))


def _content(page: Page) -> str:
    text = (
        f"/F {size:g} Tf 1 0 0 1 {left:.2f} {HEIGHT - base:.2f} Tm <{sign.encode('utf-16-be').hex()}> Tj"
        for sign, left, base, size in page.signs
    )
    rules = (f"{x0:.2f} {HEIGHT - y0:.2f} m {x1:.2f} {HEIGHT - y1:.2f} l S" for x0, y0, x1, y1 in page.rules)
    return "\n".join((*rules, "BT", *text, "ET"))


def _pdf(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.5\n")
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return out.getvalue()


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def write_ofd(blocks: Sequence[Block], path: Path) -> None:
    """Write an OFD: a text object a line, drawn rules."""
    pages = laid_out(blocks)
    listed = "".join(f'<ofd:Page ID="{at + 10}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "OFD.xml",
            f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        size = f"<ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH * MM:.2f} {HEIGHT * MM:.2f}</ofd:PhysicalBox></ofd:PageArea>"
        document = f"<ofd:CommonData>{size}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
        archive.writestr("Doc_0/Document.xml", f"<ofd:Document {_OFD}>{document}</ofd:Document>")
        for at, page in enumerate(pages):
            objects = "".join((*map(_path, page.rules), *map(_line_object, _lines(page))))
            content = f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>"
            archive.writestr(f"Doc_0/Pages/Page_{at}/Content.xml", f"<ofd:Page {_OFD}>{content}</ofd:Page>")


def _lines(page: Page) -> Iterator[list[tuple[str, float, float, float]]]:
    """Yield runs of characters that stand side by side on one baseline."""
    run: list[tuple[str, float, float, float]] = []
    for sign in page.signs:
        if run and (sign[2:] != run[-1][2:] or sign[1] - run[-1][1] > 1.5 * sign[3] or sign[1] < run[-1][1]):
            yield run
            run = []
        run.append(sign)
    if run:
        yield run


def _line_object(run: list[tuple[str, float, float, float]]) -> str:
    left, base, size = run[0][1], run[0][2], run[0][3]
    text = "".join(sign for sign, *_ in run).replace("&", "&amp;").replace("<", "&lt;")
    deltas = " ".join(f"{(after[1] - before[1]) * MM:.3f}" for before, after in pairwise(run))
    box = f"{left * MM:.3f} {(base - size) * MM:.3f} {(run[-1][1] + size - left) * MM:.3f} {size * 1.2 * MM:.3f}"
    code = f'<ofd:TextCode X="0" Y="{size * MM:.3f}" DeltaX="{deltas}">{text}</ofd:TextCode>'
    return f'<ofd:TextObject Boundary="{box}" Size="{size * MM:.3f}">{code}</ofd:TextObject>'


def _path(rule: tuple[float, float, float, float]) -> str:
    x0, y0, x1, y1 = (one * MM for one in rule)
    data = f"M 0 0 L {x1 - x0:.3f} {y1 - y0:.3f}"
    box = f"{x0:.3f} {y0:.3f} {x1 - x0:.3f} {y1 - y0:.3f}"
    path = f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject Boundary="{box}" LineWidth="0.2">{path}</ofd:PathObject>'


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    file = resources.files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"
    with resources.as_file(file) as path:
        return ImageFont.truetype(str(path), size, index=2)


def pictures(blocks: Sequence[Block], tilt: float = 0.0) -> list[Image.Image]:
    """Return the pages as a scanner sees them, turned by ``tilt`` degrees."""
    scale = DPI / 72
    found = []
    for page in laid_out(blocks):
        image = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 250)
        draw = ImageDraw.Draw(image)
        for sign, left, base, size in page.signs:
            draw.text((left * scale, base * scale), sign, font=_font(round(size * scale)), fill=30, anchor="ls")
        for x0, y0, x1, y1 in page.rules:
            draw.line((x0 * scale, y0 * scale, x1 * scale, y1 * scale), fill=40, width=2)
        found.append(image.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=250) if tilt else image)
    return found


def write_scan(blocks: Sequence[Block], path: Path, tilt: float = 0.0) -> None:
    """Write a PDF of pictures."""
    first, *others = pictures(blocks, tilt)
    first.save(path, "PDF", save_all=True, append_images=others, resolution=DPI)


def write_photo(blocks: Sequence[Block], path: Path, tilt: float = 0.0) -> None:
    """Write the first page as a picture."""
    pictures(blocks, tilt)[0].save(path, quality=80)
