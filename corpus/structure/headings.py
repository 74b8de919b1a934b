"""Headings that only their style tells: which of them make the outline of a document, and the marks they stand for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from corpus.blocks import Block, Paragraph
from corpus.notation.numbering import Mark, parse_mark

KIND = "heading"
_FEWEST = 2


def with_outline(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with a level on those paragraphs alone whose style is all that makes them headings.

    A level with printed numbers has its outline by these; one heading alone at the top is the title.
    """
    headings = [block for block in blocks if isinstance(block, Paragraph) and block.level]
    numbered = {block.level for block in headings if parse_mark(block.text) is not None}
    counts = Counter(block.level for block in headings)
    title = {headings[0].level} if headings and counts[headings[0].level] == 1 else set()
    levels = set(counts) - numbered - title
    kept = levels if sum(counts[level] for level in levels) >= _FEWEST else set()
    return tuple(
        replace(block, level=0) if isinstance(block, Paragraph) and block.level not in kept else block
        for block in blocks
    )


def heading_mark(paragraph: Paragraph, number: int) -> Mark | None:
    """Return the mark that a heading without a printed number stands for: its place among its like."""
    kind = f"{KIND}{paragraph.level}"
    return Mark(kind, str(number), "", paragraph.text) if paragraph.level else None


def level_of(mark: Mark) -> int:
    """Return the level of a heading's mark; 0 for a printed one."""
    return int(mark.kind.removeprefix(KIND)) if mark.kind.startswith(KIND) else 0
