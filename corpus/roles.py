"""A list of units with the roles that verbs, marks and remarks in it give: 甲牵头，乙、丙等配合; 甲（牵头）、乙."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from corpus.datafiles import load
from corpus.model import Role, UnitRef
from corpus.unit_lists import is_unit_name, split_units

PART_END = "，,；;。 　"
"""What may stand around a part of a list."""


@cache
def _verbs() -> re.Pattern[str]:
    words = load("responsibility")["verbs"]
    kinds = "|".join(f"(?P<{kind}>{words[kind]})" for kind in ("lead", "cooperating", "responsible"))
    return re.compile(rf"(?P<names>.*?)(?:{kinds})$", re.DOTALL)


def first_leads(text: str) -> bool:
    """Whether a paragraph remarks that the first unit of every list leads."""
    return bool(re.search(remarks()["first_leads"], text))


def remarks() -> dict[str, str]:
    """Return the patterns of remarks inside and behind a list."""
    found: dict[str, str] = load("responsibility")["remarks"]
    return found


def without_remarks(text: str) -> str:
    """Return the text without remarks (下同, 列第一位者为牵头单位)."""
    in_brackets, bare = _remark_patterns()
    return bare.sub("", in_brackets.sub("", text)).strip(PART_END)


@cache
def _remark_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of remarks in brackets and without."""
    either = f"(?:{remarks()['first_leads']}|{remarks()['other']})"
    in_brackets = rf"[（(]{either}(?:[，,；;、]{either})*[）)]"
    return re.compile(in_brackets), re.compile(rf"[，,。；;、]?[ ]*{either}(?=[，,。；;）)]|$)")


def read_units(value: str, role: Role, label: str) -> tuple[list[UnitRef], str]:
    """Return the units of what stands behind a label or in a cell, and a due time that stands among them.

    Verbs and marks inside give other roles than the label: 甲牵头，乙配合; 甲（牵头）、乙.
    """
    units: list[UnitRef] = []
    dues: list[str] = []
    for names, own in list_parts(value):
        for name in split_units(names):
            if re.match(remarks()["due"], name):
                dues.append(name)
            else:
                units.append(_marked(UnitRef(name, name, own or role, label)))
    return units, "，".join(dues)


def _marked(unit: UnitRef) -> UnitRef:
    """Return the unit with the role that a mark behind its name gives, the mark cut off."""
    for pattern, role in (("lead_mark", Role.LEAD), ("cooperating_mark", Role.COOPERATING)):
        bare = re.sub(f"{remarks()[pattern]}$", "", unit.printed)
        if bare != unit.printed:
            return replace(unit, name=bare, printed=bare, role=role)
    return unit


def list_parts(value: str) -> Iterator[tuple[str, Role | None]]:
    """Yield runs of names with the role that the verb behind them gives; None where no verb follows."""
    pending: list[str] = []
    for part in re.split(r"[，,；;。](?![^（(]*[）)])", value):
        found = _verbs().fullmatch(part.strip())
        if not found or (found["names"] and is_unit_name(part.strip())):
            pending.append(part)
            continue
        pending.append(found["names"])
        yield from _joint(pending, next(Role(kind) for kind in Role if found[kind]))
        pending = []
    if pending:
        yield "、".join(pending), None


def _joint(names: list[str], role: Role) -> Iterator[tuple[str, Role]]:
    """Yield names with their role; 甲会同乙 makes 甲 the lead."""
    text = "、".join(name for name in names if name.strip())
    sides = re.split(load("responsibility")["verbs"]["together"], text, maxsplit=1)
    if len(sides) > 1 and sides[0].strip():
        yield sides[0], Role.LEAD
        yield sides[1], Role.COOPERATING
    else:
        yield text, role
