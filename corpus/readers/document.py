"""What reading a file gives, and the one error that every reader raises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus.blocks import Block, Paragraph, TableRow
from corpus.messages import say
from corpus.model import Dropped


class ReadError(Exception):
    """A file that cannot be read; its text is one Chinese line for the person who gave the file."""

    def __init__(self, key: str, **values: object) -> None:
        """Take the message ``read.KEY`` and what fills it in."""
        super().__init__(say(f"read.{key}", **values))
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Hints:
    """What the file says about the document outside its text (a web page's meta tags); empty where it says nothing."""

    title: str = ""
    issuer: str = ""
    issued: str = ""
    """A date as printed there."""
    url: str = ""
    """The page's own address."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read, before any meaning is given to it."""

    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...] = ()
    """Furniture of the medium that a reader left out (page numbers, repeated headers), with the rule."""
    hints: Hints = Hints()
    recognised: bool = False
    """Whether text in it was read from pictures by OCR."""


def from_builtins(value: dict[str, Any]) -> Document:
    """Return the document that ``dataclasses.asdict`` took apart; KeyError or TypeError when it is none."""
    blocks = tuple(
        TableRow(tuple(block["cells"]), block["line"], block["table"])
        if "cells" in block
        else Paragraph(block["text"], block["line"], block.get("level", 0))
        for block in value["blocks"]
    )
    dropped = tuple(Dropped(**one) for one in value["dropped"])
    return Document(blocks, dropped, Hints(**value["hints"]), bool(value.get("recognised")))


class BlockList:
    """Blocks in the making: cleans their text, skips empty ones, counts ``line`` and ``table``."""

    def __init__(self) -> None:
        """Start with no blocks."""
        self.blocks: list[Block] = []
        self._tables = 0

    def paragraph(self, text: str, level: int = 0) -> None:
        """Add a paragraph, of a heading's level; each of its lines becomes one of its own, empty lines none."""
        for line in text.split("\n"):
            if tidy(line):
                self.blocks.append(Paragraph(tidy(line), len(self.blocks) + 1, level))

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table, all rows of one width; rows without text are skipped, a single column becomes paragraphs."""
        if all(len(row) == 1 for row in rows):
            for row in rows:
                self.paragraph(row[0])
            return
        self._tables += 1
        for row in rows:
            cells = tuple("\n".join(filter(None, map(tidy, cell.split("\n")))) for cell in row)
            if any(cells):
                self.blocks.append(TableRow(cells, len(self.blocks) + 1, self._tables))


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def tidy(text: str) -> str:
    """Return one line with tabs and no-break blanks as plain ones, invisible characters and outer blanks gone."""
    return text.translate(_INVISIBLE).replace("\t", " ").replace("\u00a0", " ").strip()
