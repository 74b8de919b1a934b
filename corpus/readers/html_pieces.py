"""A web page as a flat list of pieces (paragraphs, tables) that know which element they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from corpus.readers.counting import printed
from corpus.readers.tables import Cell, lay_out

_SKIPPED = {
    "script", "style", "noscript", "template", "head", "nav", "footer", "aside", "iframe", "svg", "select", "button",
    "textarea", "object", "audio", "video", "canvas", "-comment",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr", "o:p",
}  # fmt: skip
_LIST_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_HAN = r"[\u2014\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_HAN_BREAK = re.compile(rf"(?<={_HAN})[ \t\r]*\n\s*(?={_HAN})")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WHOLE_PAGE = {"html", "body"}
"""Elements that are never hidden for good: a script shows them once it has run."""
_PRINTED = {"header", "footer"}
"""How LibreOffice names the page header and footer of a document that it saves as a web page."""
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SPAN_DIGITS = 6
_DEPTH = 200
"""Elements nested deeper than this count as part of the one above."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph (``rows`` empty) or a table."""

    text: str
    rows: tuple[tuple[str, ...], ...]
    linked: int
    """How many characters of the text are inside links."""
    home: int
    """The element that it stands in: a place in ``HtmlPage.parents``."""
    heading: bool = False
    level: int = 0
    """Level of the heading it is, from 1; 0 for any other piece."""


@dataclass(slots=True)
class HtmlPage:
    """The pieces of a page in reading order; ``parents[n]`` is the element around element n, -1 around the page."""

    pieces: list[Piece] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)


def page_of(root: LexborNode) -> HtmlPage:
    """Return the visible pieces of a page's body."""
    reader = _Reader(_layout_tables(root))
    for event, node in _events(root):
        reader.take(event, node)
    reader.flush()
    return reader.page


def _layout_tables(root: LexborNode) -> set[int]:
    """Return the tables that hold other tables: they lay out the page."""
    found: set[int] = set()
    around: list[int] = []
    for event, node in _events(root):
        if node.tag != "table":
            continue
        if event == "close":
            around.pop()
            continue
        found.update(around[-1:])
        around.append(node.mem_id)
    return found


def _events(root: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """Yield ("open", node) and ("close", node) through the tree, without recursion: some pages nest without end."""
    node: LexborNode | None = root
    while node is not None:
        skipped = _is_skipped(node)
        if not skipped:
            yield "open", node
        below = None if skipped else node.first_child
        if below is not None:
            node = below
            continue
        if not skipped:
            yield "close", node
        while node is not None and node.mem_id != root.mem_id and node.next is None:
            node = node.parent
            if node is not None:
                yield "close", node
        node = None if node is None or node.mem_id == root.mem_id else node.next


def _is_skipped(node: LexborNode) -> bool:
    tag = node.tag or ""
    if tag in _SKIPPED:
        return True
    if tag.startswith("-") or tag in _WHOLE_PAGE:
        return False
    attributes = node.attributes
    if tag == "div" and attributes.get("title") in _PRINTED:
        return True
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


class _Reader:
    def __init__(self, layout_tables: set[int]) -> None:
        self.page = HtmlPage()
        self._layout_tables = layout_tables
        self._buffer: list[str] = []
        self._number = ""
        self._linked = 0
        self._links = 0
        self._verbatim = 0
        self._homes: list[int] = [-1]
        self._depth = 0
        self._heading = False
        self._level = 0
        self._lists: list[int | None] = []
        self._forms: list[str] = []
        self._table: list[list[Cell]] | None = None
        self._cell: list[str] | None = None
        self._cell_links = 0

    def take(self, event: str, node: LexborNode) -> None:
        """Take in one step of the walk."""
        tag = node.tag or ""
        if tag == "-text":
            if event == "open":
                self._text(node.text_content or "")
        elif tag == "br":
            if event == "open":
                self.flush()
        elif tag == "a":
            self._links += 1 if event == "open" else -1
        elif tag not in _INLINE:
            self.flush()
            self._block(tag, event, node)

    def _text(self, text: str) -> None:
        if self._verbatim and "\n" in text:
            first, *others = text.split("\n")
            self._text(first)
            for line in others:
                self.flush()
                self._text(line)
            return
        self._buffer.append(text)
        if self._links:
            self._linked += len("".join(text.split()))

    def flush(self) -> None:
        """End the paragraph that is being read."""
        text = _BLANKS.sub(" ", _HAN_BREAK.sub("", "".join(self._buffer))).strip()
        linked, self._linked = self._linked, 0
        self._buffer.clear()
        if not text:
            return
        text, self._number = self._number + text, ""
        if self._cell is not None:
            self._cell.append(text)
            self._cell_links += linked
        else:
            self.page.pieces.append(Piece(text, (), linked, self._homes[-1], self._heading, self._level))

    def _block(self, tag: str, event: str, node: LexborNode) -> None:
        opening = event == "open"
        if tag == "pre":
            self._verbatim += 1 if opening else -1
        elif tag in _HEADINGS:
            self._heading = opening and tag == "h1"
            self._level = int(tag[1]) if opening else 0
        elif tag in {"ol", "ul"}:
            self._list(tag, node, opening=opening)
        elif tag == "li" and opening:
            self._item(node)
        elif tag == "table" and self._is_data(node, opening=opening):
            self._data_table(opening=opening)
            return
        elif self._table is not None:
            self._in_table(tag, node, opening=opening)
            return
        self._nest(opening=opening)

    def _nest(self, *, opening: bool) -> None:
        if self._table is not None:
            return
        self._depth += 1 if opening else -1
        if opening and self._depth <= _DEPTH:
            self.page.parents.append(self._homes[-1])
            self._homes.append(len(self.page.parents) - 1)
        elif not opening and self._depth < _DEPTH:
            self._homes.pop()

    def _is_data(self, node: LexborNode, *, opening: bool) -> bool:
        """Tell a table of data from one that lays out the page."""
        if not opening:
            return self._table is not None
        return self._table is None and node.mem_id not in self._layout_tables

    def _data_table(self, *, opening: bool) -> None:
        if opening:
            self._table, self._cell_links = [], 0
            return
        rows = lay_out(self._table or [])
        self._table = self._cell = None
        if rows and max(map(len, rows)) > 1:
            text = "\n".join("\t".join(row) for row in rows)
            home = self._homes[-1]
            self.page.pieces.append(Piece(text, tuple(map(tuple, rows)), self._cell_links, home))
            return
        for row in rows:
            for line in "\n".join(row).split("\n"):
                self.page.pieces.append(Piece(line, (), 0, self._homes[-1]))

    def _in_table(self, tag: str, node: LexborNode, *, opening: bool) -> None:
        if self._table is None:
            return
        if tag == "tr" and opening:
            self._table.append([])
        elif tag in {"td", "th"} and opening:
            self._cell = []
        elif tag in {"td", "th"} and self._cell is not None:
            if not self._table:
                self._table.append([])
            cell = Cell("\n".join(self._cell), _span(node, "rowspan"), _span(node, "colspan"))
            self._table[-1].append(cell)
            self._cell = None

    def _list(self, tag: str, node: LexborNode, *, opening: bool) -> None:
        if not opening:
            self._lists.pop()
            self._forms.pop()
            return
        start = node.attributes.get("start") or "1"
        styled = "list-style-type:none" in (node.attributes.get("style") or "").replace(" ", "")
        self._lists.append(int(start) if tag == "ol" and start.isdecimal() and not styled else None)
        self._forms.append(_LIST_FORMS.get(node.attributes.get("type") or "", "decimal"))

    def _item(self, node: LexborNode) -> None:
        if not self._lists or self._lists[-1] is None:
            return
        own = node.attributes.get("value") or ""
        number = int(own) if own.isdecimal() else self._lists[-1]
        self._lists[-1] = number + 1
        self._number = f"{printed(number, self._forms[-1])}."


def _span(node: LexborNode, name: str) -> int:
    text = node.attributes.get(name) or "1"
    return int(text) if text.isdecimal() and len(text) <= _SPAN_DIGITS else 1
