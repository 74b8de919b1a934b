"""A document on one line → its paragraphs, cut before the numbers that count on.

Only text that came without line ends is touched: a paragraph longer than any author's that holds several headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.blocks import Block, Paragraph
from corpus.datafiles import load
from corpus.notation.numbering import Mark, parse_mark
from corpus.offices.responsibility import find

_LONG = 200
_FEWEST = 2
_MARK_LENGTH = 24
_MAY_OPEN = re.compile(r"[第一二三四五六七八九十（(0-9①-⑳专]")
_SENTENCE_END = "。；;！：:）)】》”　 "
_ANYWHERE = {"chapter", "section", "han", "han_paren"}
"""Marks that open a heading even behind a title without a full stop."""
_REFERENCE = re.compile(r"第[（(]?$|[按照依据见]$")


def part(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with paragraphs that hold whole numberings cut into their parts; a part keeps the line."""
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph) and len(block.text) >= _LONG:
            done += [Paragraph(text, block.line) for text in _parts(block.text)]
        else:
            done.append(block)
    return tuple(done)


def _parts(text: str) -> Iterator[str]:
    cuts = _cuts(text)
    tops = [mark for _, mark in cuts if mark.kind == cuts[0][1].kind]
    if len(tops) < _FEWEST or not cuts[0][1].restarts:
        yield text
        return
    bounds = [0, *(at for at, _ in cuts if at), len(text)]
    for start, end in pairwise(bounds):
        if text[start:end].strip():
            yield text[start:end].strip()


def _cuts(text: str) -> list[tuple[int, Mark]]:
    """Return where headings open: marks that begin at 1 or go on counting inside those around them."""
    found: list[tuple[int, Mark]] = []
    open_marks: list[Mark] = []
    last: dict[str, int] = {}
    for candidate in _MAY_OPEN.finditer(text):
        at = candidate.start()
        mark = parse_mark(text[at : at + _MARK_LENGTH])
        if mark is None or mark.lower or not _may_stand(text, at, mark):
            continue
        levels = [one.level for one in open_marks]
        before = open_marks[levels.index(mark.level)].value if mark.level in levels else 0
        restart = mark.value == 1 and before > 1 and mark.restarts and text[at - 1] in _SENTENCE_END
        if mark.value not in {before + 1, last.get(mark.level, 0) + 1} and not restart:
            continue
        last = {mark.level: 1} if restart else last | {mark.level: mark.value}
        del open_marks[levels.index(mark.level) if before else len(levels) :]
        open_marks.append(mark)
        found.append((at, mark))
    return [(at, mark) for at, mark in found if mark.kind in _ANYWHERE or _labelled(text, at, found)]


def _may_stand(text: str, at: int, mark: Mark) -> bool:
    before, after = text[max(0, at - 3) : at], mark.rest[:1]
    beside = load("numbering")["beside"]
    if at and (re.match(beside["behind"], mark.rest) or re.search(beside["before"], before)):
        return False
    if _REFERENCE.search(before) or (before[-1:].isdigit() and mark.number[:1].isdigit()):
        return False
    if at == 0 or mark.kind in _ANYWHERE or before[-1] in _SENTENCE_END:
        return True
    return mark.value > 1 and "\u4e00" <= after <= "\u9fff"


def _labelled(text: str, at: int, found: list[tuple[int, Mark]]) -> bool:
    """Whether a small part carries units of its own: only then is it a paragraph and not a part of one."""
    end = next((later for later, _ in found if later > at), len(text))
    return bool(find(text[at:end]))
