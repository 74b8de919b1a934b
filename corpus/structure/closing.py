"""What closes a document below its last item: signature, date, 此件公开发布, from when it is in force."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from corpus.blocks import Paragraph
from corpus.datafiles import load
from corpus.notation.numbering import parse_mark
from corpus.offices.signature import is_day, signers


def closing_lines(paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    """Return the lines of the paragraphs that close a division; none where it has no numbered ones."""
    closing: list[int] = []
    below = False
    for paragraph in reversed(paragraphs):
        if paragraph.level or parse_mark(paragraph.text) is not None:
            return frozenset(closing)
        dated = is_day(paragraph.text)
        if not dated and not _closes(paragraph.text) and not (below and signers(paragraph.text)):
            return frozenset(closing)
        below = dated or (below and bool(signers(paragraph.text)))
        closing.append(paragraph.line)
    return frozenset()


def _closes(text: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = load("closing")["paragraphs"]
    return tuple(map(re.compile, (*words["remarks"], words["validity"])))
