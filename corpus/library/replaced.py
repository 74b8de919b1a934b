"""Which plans a document says it replaces (《…》同时废止), and which of those that are there these are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from corpus.blocks import Block, Paragraph
from corpus.datafiles import load
from corpus.model import Plan, PlanMeta

_TITLE = re.compile("《(?P<title>(?:[^《》]|《[^《》]*》){4,80})》")


def replaced_titles(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the titles that a document puts out of force."""
    found = [title for block in blocks if isinstance(block, Paragraph) for title in _titles(block.text)]
    return tuple(dict.fromkeys(found))


def _titles(text: str) -> Iterator[str]:
    for sentence in re.split("[。；;]", text):
        if _ends_force().search(sentence):
            yield from (match["title"] for match in _TITLE.finditer(sentence))


@cache
def _ends_force() -> re.Pattern[str]:
    return re.compile("|".join(load("metadata")["ends_force"]))


def replaced_plans(blocks: Iterable[Block], meta: PlanMeta, known: Sequence[Plan]) -> Iterator[Plan]:
    """Yield the known plans of the same district that a document replaces: a notice's title holds its plan's."""
    titles = replaced_titles(blocks)
    for plan in known:
        title = plan.meta.title
        if plan.meta.district == meta.district and title and any(title in one or one in title for one in titles):
            yield plan
