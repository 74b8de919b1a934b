"""What stands on the web page but not in the plan: dropped by the rules of ``data/furniture.toml``, and listed."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from corpus.blocks import Block, Paragraph, TableRow
from corpus.datafiles import load
from corpus.model import Dropped


@cache
def _rules(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((rule["rule"], re.compile(rule["pattern"])) for rule in load("furniture")[table])


def strip(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
    """Return the blocks without the page's furniture, and what was dropped with the rule that says so."""
    kept: list[Block] = []
    dropped: list[Dropped] = []
    for block in blocks:
        clean = _without_marks(block, dropped)
        rule = _line_rule(clean.text) if isinstance(clean, Paragraph) else None
        if isinstance(clean, Paragraph) and rule:
            dropped.append(Dropped(block.line, clean.text, rule))
        elif isinstance(clean, TableRow) or clean.text:
            kept.append(clean)
    return tuple(kept), tuple(dropped)


def _line_rule(text: str) -> str | None:
    return next((name for name, pattern in _rules("line") if pattern.match(text)), None)


def _without_marks(block: Block, dropped: list[Dropped]) -> Paragraph | TableRow:
    def clean(text: str) -> str:
        for name, pattern in _rules("mark"):
            dropped.extend(Dropped(block.line, found, name) for found in pattern.findall(text))
            text = pattern.sub("", text)
        return text

    if isinstance(block, Paragraph):
        return replace(block, text=clean(block.text).strip())
    return replace(block, cells=tuple(clean(cell) for cell in block.cells))
