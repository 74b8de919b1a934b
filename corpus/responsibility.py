"""Who answers for a clause: labels and lists of units in a text, by the forms of ``data/responsibility.toml``.

A label in brackets （责任单位：甲、乙）, the same label behind a sentence or as a line of its own (牵头单位：甲), a
bracket that ends in a verb （甲牵头，乙、丙等按职责分工负责） or holds only units, and units that open a paragraph
(甲：负责…). Names come out as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from corpus.datafiles import load
from corpus.model import Role, UnitRef
from corpus.unit_lists import is_office, is_unit_name, split_units, unwrap

__all__ = [
    "Label",
    "find",
    "first_leads",
    "goes_on",
    "is_label",
    "is_unit_name",
    "only_units",
    "open_label",
    "read_cell",
    "read_units",
    "unit_opening",
    "whole_line",
]
_PART_END = "，,；;。 　"
_LONGEST_HEADING = 60
_LONGEST_LIST = 300
_SHORT_LABEL = 2
"""Labels so short (责任, 牵头) count only at the start of a line, a bracket or a cell."""
_NO_ROLE = ("deadline", "person")


@dataclass(frozen=True, slots=True)
class Label:
    """One statement of responsibility inside a text."""

    start: int
    end: int
    """Span of the statement in the text, brackets included."""
    units: tuple[UnitRef, ...]
    deadline: str = ""


@cache
def _kinds() -> dict[str, str]:
    """Map each label to its role, deadline or person."""
    return {name: kind for kind, names in load("responsibility")["labels"].items() for name in names}


@cache
def _label() -> re.Pattern[str]:
    blank = "[ \u3000]{0,2}"
    names = sorted(_kinds(), key=len, reverse=True)
    spaced = "|".join(blank.join(map(re.escape, name)) for name in names)
    return re.compile(rf"(?P<label>{spaced}){blank}(?P<remark>[（(][^（）()]*[）)])?{blank}[:：][ \u3000]*")


@cache
def _blank_label() -> re.Pattern[str]:
    """Return the pattern of a label with blanks where others have a colon."""
    names = sorted((name for name in _kinds() if len(name) > _SHORT_LABEL), key=len, reverse=True)
    return re.compile(rf"(?P<label>{'|'.join(names)})[ \u3000]+")


@cache
def _bracket() -> re.Pattern[str]:
    inner = r"(?:[^（）()]|[（(][^（）()]*[）)])*"
    return re.compile(
        rf"[（(](?P<round>{inner})[）)]|【(?P<black>[^【】]*)】|[\[〔［](?P<square>[^\[\]〔〕［］]*)[\]〕］]"
    )


@cache
def _verbs() -> re.Pattern[str]:
    words = load("responsibility")["verbs"]
    kinds = "|".join(f"(?P<{kind}>{words[kind]})" for kind in ("lead", "cooperating", "responsible"))
    return re.compile(rf"(?P<names>.*?)(?:{kinds})$", re.DOTALL)


def find(text: str) -> tuple[Label, ...]:
    """Return the statements of responsibility in ``text``, in order: those in brackets and those behind a sentence."""
    brackets = list(_bracket().finditer(text))
    found = [label for bracket in brackets if (label := _read_bracket(bracket, text))]
    spans = [(bracket.start(), bracket.end()) for bracket in brackets]
    if not found:
        found += _inline(text, spans)
    return tuple(found)


def _inline(text: str, spans: list[tuple[int, int]]) -> Iterator[Label]:
    """Yield labels without brackets behind a sentence (…。责任单位：甲、乙。), neighbours as one statement."""
    starts = [
        mark
        for mark in _label().finditer(text)
        if len(_squeeze(mark["label"])) > _SHORT_LABEL
        and (mark.start() == 0 or text[mark.start() - 1] in "。；;！! 　\n")
        and not any(start < mark.start() < end for start, end in spans)
    ]
    if starts:
        label = _read_labelled(text[starts[0].start() :], starts[0].start(), len(text))
        if label and label.units and all(is_unit_name(unit.printed) for unit in label.units):
            yield label


def first_leads(text: str) -> bool:
    """Whether a paragraph remarks that the first unit of every list leads."""
    return bool(re.search(_remarks()["first_leads"], text))


def is_label(text: str) -> bool:
    """Whether a cell is a label that gives units a role."""
    return _kinds().get(_squeeze(text).rstrip("：:"), "person") not in _NO_ROLE


def open_label(text: str) -> bool:
    """Whether a paragraph is a label whose names go on in the next one: none yet, or a separator at the end."""
    found = _label().match(text)
    return bool(found) and ((found is not None and found.end() == len(text)) or text[-1] in "、，,")


def goes_on(text: str) -> bool:
    """Whether a paragraph can be the rest of a list of units."""
    names = split_units(text) if len(text) <= _LONGEST_LIST else ()
    return bool(names) and all(map(is_unit_name, names))


def whole_line(text: str) -> Label | None:
    """Return the statement when the paragraph is nothing else (牵头单位：甲、乙), else None."""
    blank = _blank_label().match(text)
    if blank and only_units(text[blank.end() :]):
        text = f"{blank['label']}：{text[blank.end() :]}"
    if not _label().match(text):
        return None
    label = _read_labelled(text, 0, len(text))
    named = label is not None and (not label.units or any(is_unit_name(unit.printed) for unit in label.units))
    return label if named else None


def unit_opening(text: str) -> Label | None:
    """Return the units that a paragraph opens with as its subject (甲、乙：负责…), else None."""
    found = re.match(r"(?P<names>[^。：:；;]{2,60})(?:[：:]|。(?=[^。]))(?P<rest>.*)", text, re.DOTALL)
    names = split_units(found["names"]) if found and found["rest"].strip() else ()
    if (
        not found
        or not names
        or not all(map(is_office, names))
        or any("各" in name or "有关" in name for name in names)
    ):
        return None
    return Label(0, found.end("names"), tuple(UnitRef(name, name) for name in names))


def only_units(text: str) -> tuple[UnitRef, ...]:
    """Return the units of a text that names nothing else (a heading such as 市教委), else nothing."""
    names = split_units(text) if len(text) <= _LONGEST_HEADING else ()
    return tuple(UnitRef(name, name) for name in names) if names and all(map(is_office, names)) else ()


def read_cell(cell: str, role: Role, head: str) -> tuple[UnitRef, ...]:
    """Return the units of a table's cell under the head of its column; labels inside it come first."""
    text = _without_remarks(unwrap(cell))
    label = whole_line(text)
    units = label.units if label else tuple(read_units(text, role, head)[0])
    if units and (first_leads(cell) or first_leads(head)):
        units = (replace(units[0], role=Role.LEAD), *units[1:])
    return units


def _read_bracket(bracket: re.Match[str], text: str) -> Label | None:
    inner = next(group for group in bracket.groups() if group is not None).strip()
    opening = re.match(r"(?P<due>[^：:]*?)[，,；;。 　]", inner)
    if _label().match(inner):
        return _read_labelled(inner, *bracket.span())
    if opening and _label().match(inner[opening.end() :]) and re.search(_remarks()["due"], opening["due"]):
        label = _read_labelled(inner[opening.end() :], *bracket.span())
        return label and replace(label, deadline=label.deadline or opening["due"])
    if bracket["black"] is not None:
        return None
    return _read_verbs(inner, *bracket.span()) or _read_bare(inner, text, *bracket.span())


def _remarks() -> dict[str, str]:
    remarks: dict[str, str] = load("responsibility")["remarks"]
    return remarks


def _without_remarks(text: str) -> str:
    """Return the text without remarks (下同, 列第一位者为牵头单位)."""
    either = f"(?:{_remarks()['first_leads']}|{_remarks()['other']})"
    text = re.sub(rf"[（(]{either}(?:[，,；;、]{either})*[）)]", "", text)
    text = re.sub(rf"[，,。；;、]?[ ]*{either}(?=[，,。；;）)]|$)", "", text)
    return text.strip(_PART_END)


def _read_labelled(text: str, start: int, end: int) -> Label | None:
    units: list[UnitRef] = []
    deadline = ""
    marks = list(_label().finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = text[mark.end() : following.start() if following else len(text)].strip(_PART_END)
        name = _squeeze(mark["label"])
        kind = _kinds()[name]
        if kind == "deadline":
            deadline = value
        elif kind not in _NO_ROLE:
            found, due = read_units(_without_remarks(value), Role(kind), name)
            units += found
            deadline = deadline or due
    return Label(start, end, tuple(units), deadline) if units or deadline else None


def _squeeze(label: str) -> str:
    return re.sub(r"[ \u3000]", "", label)


def read_units(value: str, role: Role, label: str) -> tuple[list[UnitRef], str]:
    """Return the units of what stands behind a label or in a cell, and a due time that stands among them.

    Verbs and marks inside give other roles than the label: 甲牵头，乙配合; 甲（牵头）、乙.
    """
    units: list[UnitRef] = []
    dues: list[str] = []
    for names, own in _parts(value):
        for name in split_units(names):
            if re.match(_remarks()["due"], name):
                dues.append(name)
            else:
                units.append(_marked(UnitRef(name, name, own or role, label)))
    return units, "，".join(dues)


def _marked(unit: UnitRef) -> UnitRef:
    """Return the unit with the role that a mark behind its name gives, the mark cut off."""
    for pattern, role in (("lead_mark", Role.LEAD), ("cooperating_mark", Role.COOPERATING)):
        bare = re.sub(f"{_remarks()[pattern]}$", "", unit.printed)
        if bare != unit.printed:
            return replace(unit, name=bare, printed=bare, role=role)
    return unit


def _parts(value: str) -> Iterator[tuple[str, Role | None]]:
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


def _read_verbs(inner: str, start: int, end: int) -> Label | None:
    statement = _without_remarks(inner)
    parts = list(_parts(statement))
    if not any(role for _, role in parts):
        return None
    units = [
        _marked(UnitRef(name, name, role or Role.RESPONSIBLE)) for names, role in parts for name in split_units(names)
    ]
    if not units or not all(is_unit_name(unit.printed) for unit in units):
        return None
    return Label(start, end, tuple(units))


def _read_bare(inner: str, text: str, start: int, end: int) -> Label | None:
    """Read a bracket that holds units and nothing else, at the end of a sentence."""
    after = text[end:].lstrip()[:1]
    before = text[:start].rstrip()[-1:]
    if (before not in set("。；;！") and after not in set("。；;\n")) and after:
        return None
    statement = _without_remarks(inner)
    names = split_units(statement)
    if not any(map(is_office, names)) or not all(map(is_unit_name, names)):
        return None
    return Label(start, end, tuple(UnitRef(name, name) for name in names))
