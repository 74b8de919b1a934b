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
from corpus.readers.document import BlockList, Document, Hints
from corpus.readers.html_article import article_of
from corpus.readers.html_pieces import Page, Piece, page_of
from corpus.readers.text import text_of

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""")
_HEAD = 4096
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
    """Return the blocks of a Markdown file; ReadError when it is no text."""
    text = _MARKDOWN.render(text_of(path, path.read_bytes()))
    return Document(_blocks(_page(LexborHTMLParser(f"<body>{text}</body>")).pieces))


def _first_page(data: bytes) -> bytes:
    """Return the first web page inside a MIME archive (.mht), as some browsers save one."""
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return b""


def _page(parser: LexborHTMLParser) -> Page:
    return Page() if parser.body is None else page_of(parser.body)


def _blocks(pieces: list[Piece]) -> tuple[Block, ...]:
    out = BlockList()
    for piece in pieces:
        if piece.rows:
            out.table(piece.rows)
        else:
            out.paragraph(piece.text)
    return tuple(out.blocks)


def _hints(parser: LexborHTMLParser, particulars: dict[str, str]) -> Hints:
    """Return title, issuer and date from the table of particulars, else from the meta tags."""
    metas: dict[str, str] = {}
    for node in parser.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        metas[name.lower()] = (node.attributes.get("content") or "").strip()
    found = {
        kind: next(filter(None, [particulars.get(kind, ""), *(metas.get(name.lower(), "") for name in names)]), "")
        for kind, names in load("web_page")["meta"].items()
    }
    return Hints(**found)
