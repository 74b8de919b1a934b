"""Saved web pages (.html, .htm, .mht) and Markdown → blocks: the document without the page around it."""

from __future__ import annotations

import email
import email.policy
import re
from pathlib import Path

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from corpus.blocks import Block
from corpus.datafiles import load
from corpus.model import Dropped
from corpus.readers.document import BlockList, Document, Hints
from corpus.readers.html_article import article_of
from corpus.readers.html_pieces import HtmlPage, Piece, page_of
from corpus.readers.text import text_of

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""")
_HEAD = 4096
_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<lines>(?:[^\W\d_][\w -]*:.*\r?\n|[ \t#-].*\r?\n)+)---[ \t]*(?:\r?\n|$)"
)
_MARKDOWN = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable("table").disable("code")
"""A line break stays one: most plans kept as Markdown have a paragraph a line.  Four blanks before one are no code."""


def read_html(path: Path) -> Document:
    """Return the blocks of a saved web page; ReadError when it is no text."""
    data = path.read_bytes()
    if data[:200].lstrip().lower().startswith((b"mime-version", b"from:")):
        data = _first_page(data)
    declared = _CHARSET.search(data[:_HEAD])
    parser = LexborHTMLParser(text_of(path, data, declared[1].decode("ascii") if declared else ""))
    article = article_of(_page(parser))
    return Document(_blocks(article.pieces), tuple(article.dropped), _hints(parser, article.particulars))


def read_markdown(path: Path) -> Document:
    """Return the blocks of a Markdown file; ReadError when it is no text. What stands above it as metadata is hints."""
    text, hints, dropped = _without_front_matter(text_of(path, path.read_bytes()))
    page = _MARKDOWN.render(text)
    return Document(_blocks(_page(LexborHTMLParser(f"<body>{page}</body>")).pieces), dropped, hints)


def _without_front_matter(text: str) -> tuple[str, Hints, tuple[Dropped, ...]]:
    """Return a Markdown file without the metadata above it, what that says of title, issuer and day, and its lines."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return text, Hints(), ()
    names = {name: kind for kind, known in load("web_page")["front_matter"].items() for name in known}
    told: dict[str, str] = {}
    lines = found["lines"].split("\n")
    for line in lines:
        name, _, value = line.partition(":")
        if kind := names.get(name.strip().lower()):
            told.setdefault(kind, value.strip().strip("\"'"))
    if "issued" in told:
        told["issued"] = re.split("[T ]", told["issued"])[0]
    dropped = tuple(Dropped(number, line, "front matter") for number, line in enumerate(lines, start=2))
    return text[found.end() :], Hints(**told), dropped


def _first_page(data: bytes) -> bytes:
    """Return the first web page inside a MIME archive (.mht), as some browsers save one."""
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return b""


def _page(parser: LexborHTMLParser) -> HtmlPage:
    return HtmlPage() if parser.body is None else page_of(parser.body)


def _blocks(pieces: list[Piece]) -> tuple[Block, ...]:
    out = BlockList()
    for piece in pieces:
        if piece.rows:
            out.table(piece.rows)
        else:
            out.paragraph(piece.text, piece.level)
    return tuple(out.blocks)


def _hints(parser: LexborHTMLParser, particulars: dict[str, str]) -> Hints:
    """Return title, issuer, date and address from the table of particulars, else from what the head says."""
    metas: dict[str, str] = {}
    for node in parser.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        metas[name.lower()] = (node.attributes.get("content") or "").strip()
    for node in parser.css("link[rel=canonical]"):
        metas.setdefault("canonical", node.attributes.get("href") or "")
    found = {
        kind: next(filter(None, [particulars.get(kind, ""), *(metas.get(name.lower(), "") for name in names)]), "")
        for kind, names in load("web_page")["meta"].items()
    }
    return Hints(**found)
