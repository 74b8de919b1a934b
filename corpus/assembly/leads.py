"""Remarks on who leads (列第一位者为牵头单位, 标★的为牵头单位), carried to the clauses they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from corpus.assembly.drafts import Draft
from corpus.blocks import Block, Paragraph
from corpus.model import Clause, ClauseKind, Role
from corpus.offices.responsibility import find, whole_line
from corpus.offices.roles import first_leads, remarks


def lead_first(drafts: Iterable[Draft], blocks: tuple[Block, ...]) -> tuple[Draft, ...]:
    """Return the drafts with the first unit of each list as its lead, where the document says so.

    Beside a list the remark speaks of that one and those below; in a sentence of its own, of the whole document.
    """
    start = _first_line(blocks)
    sign = _sign(blocks)
    drafts = [replace(draft, clause=_signed(draft.clause, sign)) for draft in drafts] if sign else drafts
    return tuple(draft if start is None else replace(draft, clause=_led(draft.clause, start)) for draft in drafts)


def _sign(blocks: tuple[Block, ...]) -> str:
    """Return the sign that marks who leads (标★的为牵头单位); empty where the document tells of none."""
    for block in blocks:
        found = re.search(remarks()["sign_leads"], block.text) if isinstance(block, Paragraph) else None
        if found:
            return found["sign"]
    return ""


def _signed(clause: Clause, sign: str) -> Clause:
    """Return the clause with the units as leads beside whose names the sign stands."""
    units = (
        replace(unit, role=Role.LEAD)
        if sign + unit.printed in clause.text or unit.printed + sign in clause.text
        else unit
        for unit in clause.units
    )
    return replace(clause, units=tuple(units))


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
