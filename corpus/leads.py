"""The remark that the first unit of every list leads (列第一位者为牵头单位), carried to the clauses it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from corpus.blocks import Block, Paragraph
from corpus.drafts import Draft
from corpus.model import Clause, ClauseKind, Role
from corpus.responsibility import find, whole_line
from corpus.roles import first_leads


def lead_first(drafts: Iterable[Draft], blocks: tuple[Block, ...]) -> tuple[Draft, ...]:
    """Return the drafts with the first unit of each list as its lead, where the document says so.

    Beside a list the remark speaks of that one and those below; in a sentence of its own, of the whole document.
    """
    start = _first_line(blocks)
    return tuple(draft if start is None else replace(draft, clause=_led(draft.clause, start)) for draft in drafts)


def _first_line(blocks: tuple[Block, ...]) -> int | None:
    for block in blocks:
        if isinstance(block, Paragraph) and first_leads(block.text):
            beside_list = bool(find(block.text)) or whole_line(block.text) is not None
            return block.line if beside_list else 0
    return None


def _led(clause: Clause, start: int) -> Clause:
    spoken_of = clause.line >= start or first_leads(clause.text)
    unled = clause.units and all(unit.role is not Role.LEAD for unit in clause.units)
    if clause.kind is not ClauseKind.TASK or not (spoken_of and unled and clause.units[0].role is Role.RESPONSIBLE):
        return clause
    return replace(clause, units=(replace(clause.units[0], role=Role.LEAD), *clause.units[1:]))
