"""Who answers for a clause: labels and lists of units in a text, by the forms of ``data/responsibility.toml``.

A label in brackets （责任单位：甲、乙）, the same label behind a sentence or as a line of its own (牵头单位：甲), a
bracket that ends in a verb （甲牵头，乙、丙等按职责分工负责） or holds only units, and units that open a paragraph
(甲：负责…). Names come out as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from corpus.datafiles import load
from corpus.model import Role, UnitRef
from corpus.roles import PART_END, list_parts, read_units, remarks, without_remarks
from corpus.unit_lists import is_office, is_unit_name, split_units

__all__ = [
    "Label",
    "find",
    "goes_on",
    "is_label",
    "is_unit_name",
    "only_units",
    "open_label",
    "unit_opening",
    "whole_line",
]
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
def _opened_label() -> re.Pattern[str]:
    """Return the pattern of where a part that opens with a label begins."""
    return re.compile(rf"(?:^|[，,；;。 　])(?={_label().pattern})")


@cache
def _blank_label() -> re.Pattern[str]:
    """Return the pattern of a label with a blank or 为 where others have a colon."""
    names = sorted((name for name in _kinds() if len(name) > _SHORT_LABEL), key=len, reverse=True)
    return re.compile(rf"(?P<label>{'|'.join(names)})(?:[ \u3000]+|为|是)")


@cache
def _told_label() -> re.Pattern[str]:
    """Return the pattern of a last sentence that opens with a label (…。责任单位为甲、乙。)."""
    return re.compile(rf"(?<=[。；;])(?:{_blank_label().pattern})(?P<names>[^。]+)。?$")


@cache
def _bracket() -> re.Pattern[str]:
    inner = r"(?:[^（）()]|[（(][^（）()]*[）)])*"
    return re.compile(
        rf"[（(](?P<round>{inner})[）)]|【(?P<black>[^【】]*)】|[\[〔［](?P<square>[^\[\]〔〕［］]*)[\]〕］]"
    )


@lru_cache(maxsize=1024)
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
        return
    told = _told_label().search(text)
    if told and only_units(told["names"]):
        kind = _kinds()[told["label"]]
        role = Role(kind) if kind not in _NO_ROLE else Role.RESPONSIBLE
        units = tuple(replace(unit, role=role, label=told["label"]) for unit in only_units(told["names"]))
        yield Label(told.start(), len(text), units)


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


def _read_bracket(bracket: re.Match[str], text: str) -> Label | None:
    """Read a bracket: labels, units with verbs or alone, a due time; what stands before the first label counts too."""
    inner = next(group for group in bracket.groups() if group is not None).strip()
    span = bracket.span()
    mark = _opened_label().search(inner)
    if mark is None:
        round_or_square = bracket["black"] is None
        return (_read_verbs(inner, *span) or _read_bare(inner, text, *span)) if round_or_square else None
    labelled = _read_labelled(inner[mark.end() :], *span)
    opening = inner[: mark.start()].strip()
    if labelled is None or not opening:
        return labelled
    before = _read_verbs(opening, *span) or _read_bare(opening, text, *span)
    due = opening if re.search(remarks()["due"], opening) else ""
    if before is None and not due:
        return None
    units = before.units if before else ()
    return replace(labelled, units=(*units, *labelled.units), deadline=labelled.deadline or due)


def _read_labelled(text: str, start: int, end: int) -> Label | None:
    units: list[UnitRef] = []
    deadline = ""
    marks = list(_label().finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = text[mark.end() : following.start() if following else len(text)].strip(PART_END)
        name = _squeeze(mark["label"])
        kind = _kinds()[name]
        if kind == "deadline":
            deadline = value
        elif kind not in _NO_ROLE:
            found, due = read_units(without_remarks(value), Role(kind), name)
            units += found
            deadline = deadline or due
    return Label(start, end, tuple(units), deadline) if units or deadline else None


def _squeeze(label: str) -> str:
    return re.sub(r"[ \u3000]", "", label)


def _read_verbs(inner: str, start: int, end: int) -> Label | None:
    statement = without_remarks(inner)
    if not any(role for _, role in list_parts(statement)):
        return None
    units, due = read_units(statement, Role.RESPONSIBLE, "")
    if not units or not all(is_unit_name(unit.printed) for unit in units):
        return None
    return Label(start, end, tuple(units), due)


def _read_bare(inner: str, text: str, start: int, end: int) -> Label | None:
    """Read a bracket that holds units and nothing else, at the end of a sentence."""
    after = text[end:].lstrip()[:1]
    before = text[:start].rstrip()[-1:]
    if (before not in set("。；;！") and after not in set("。；;\n")) and after:
        return None
    units, due = read_units(without_remarks(inner), Role.RESPONSIBLE, "")
    names = [unit.printed for unit in units]
    if not any(map(is_office, names)) or not all(map(is_unit_name, names)):
        return None
    return Label(start, end, tuple(units), due)
