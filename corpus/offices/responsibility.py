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
from corpus.notation.dates import label_due
from corpus.offices import labels
from corpus.offices.roles import PART_END, RoleReading, list_parts, read_units, remarks, without_remarks
from corpus.offices.unit_lists import is_office, is_unit_list, is_unit_name, opens_with_office, split_units

__all__ = [
    "ResponsibilityLabel",
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
_NO_ROLE = (labels.DEADLINE, labels.PERSON, labels.OTHER)
_DASH = re.compile(r"(?<=[。；;！])[ \u3000]*(?:—{1,2}|－{2}|-{2})[ \u3000]*(?P<names>[^。；;—]{2,200})。?$")
_REFERENCE = re.compile("[〔《]|[0-9]号")
"""What a bracket that cites a document holds."""


@dataclass(frozen=True, slots=True)
class ResponsibilityLabel:
    """One statement of responsibility inside a text."""

    start: int
    end: int
    """Span of the statement in the text, brackets included."""
    units: tuple[UnitRef, ...]
    deadline: str = ""
    strange: tuple[str, ...] = ()
    """What stands in a unit's place and is none, or a whole bracket whose wording is not understood."""

    @property
    def says(self) -> bool:
        """Whether it names a unit or a due time."""
        return bool(self.units or self.deadline)


@cache
def _told_label() -> re.Pattern[str]:
    """Return the pattern of a last sentence that opens with a label (…。责任单位为甲、乙。)."""
    return re.compile(rf"(?<=[。；;])(?:{labels.of_blank().pattern})(?P<names>[^。]+)。?$")


@cache
def _bracket() -> re.Pattern[str]:
    inner = r"(?:[^（）()]|[（(][^（）()]*[）)])*"
    return re.compile(
        rf"[（(](?P<round>{inner})[）)]|【(?P<black>[^【】]*)】|[\[〔［](?P<square>[^\[\]〔〕［］]*)[\]〕］]"
    )


@lru_cache(maxsize=1024)
def find(text: str) -> tuple[ResponsibilityLabel, ...]:
    """Return the statements of responsibility in ``text``, in order: those in brackets and those behind a sentence.

    A bracket that names offices in words that are not understood is one without units.
    """
    brackets = list(_bracket().finditer(text))
    found = [label for bracket in brackets if (label := _read_bracket(bracket, text))]
    spans = [(bracket.start(), bracket.end()) for bracket in brackets]
    if not any(label.says for label in found):
        found += _inline(text, spans)
    return tuple(_neighbours(found, text))


def _neighbours(found: list[ResponsibilityLabel], text: str) -> Iterator[ResponsibilityLabel]:
    """Yield the statements, brackets that follow one another as one (（责任单位：甲）（完成时限：年底）)."""
    above: ResponsibilityLabel | None = None
    for label in found:
        if above is None or text[above.end : label.start].strip(PART_END):
            if above is not None:
                yield above
            above = label
        else:
            strange = (*above.strange, *label.strange)
            units = (*above.units, *label.units)
            above = ResponsibilityLabel(above.start, label.end, units, label.deadline or above.deadline, strange)
    if above is not None:
        yield above


def _inline(text: str, spans: list[tuple[int, int]]) -> Iterator[ResponsibilityLabel]:
    """Yield labels without brackets behind a sentence (…。责任单位：甲、乙。), neighbours as one statement."""
    starts = [
        mark
        for mark in labels.known().finditer(text)
        if not labels.is_short(mark["label"])
        and (mark.start() == 0 or text[mark.start() - 1] in "。；;！! 　\n")
        and not any(start < mark.start() < end for start, end in spans)
    ]
    if starts:
        label = _read_labelled(text[starts[0].start() :], starts[0].start(), len(text))
        if label and label.units and not label.strange:
            yield label
        return
    yield from _behind_dash(text)
    told = _told_label().search(text)
    if told and only_units(told["names"]):
        kind = labels.kind_of(told["label"])
        role = Role(kind) if labels.gives_units(told["label"]) else Role.RESPONSIBLE
        units = tuple(replace(unit, role=role, label=told["label"]) for unit in only_units(told["names"]))
        yield ResponsibilityLabel(told.start(), len(text), units)


def _behind_dash(text: str) -> Iterator[ResponsibilityLabel]:
    """Yield the units behind a dash at the end of a paragraph (…。——甲、乙)."""
    found = _DASH.search(text)
    names = only_units(found["names"]) if found else ()
    if found and names:
        yield ResponsibilityLabel(found.start(), len(text), names)


def is_label(text: str) -> bool:
    """Whether a cell is a label that gives units a role."""
    return labels.kinds().get(labels.squeeze(text).rstrip("：:"), labels.PERSON) not in _NO_ROLE


def open_label(text: str) -> bool:
    """Whether a paragraph is a label whose names go on in the next one: none yet, or a separator at the end."""
    found = labels.known().match(text)
    return bool(found) and ((found is not None and found.end() == len(text)) or text[-1] in "、，,")


def goes_on(text: str) -> bool:
    """Whether a paragraph can be the rest of a list of units."""
    names = split_units(text) if len(text) <= _LONGEST_LIST else ()
    return bool(names) and all(map(is_unit_name, names))


def whole_line(text: str) -> ResponsibilityLabel | None:
    """Return the statement when the paragraph is nothing else (牵头单位：甲、乙), else None."""
    blank = labels.of_blank().match(text)
    if blank and only_units(text[blank.end() :]):
        text = f"{blank['label']}：{text[blank.end() :]}"
    if not labels.line_label(text):
        return None
    listed = bool(labels.known().match(text))
    label = _read_labelled(text, 0, len(text))
    if label is None or (listed and label.units):
        return label
    named = label.deadline if listed else label.units or label_due(label.deadline)
    return label if named and not label.strange else None


def unit_opening(text: str) -> ResponsibilityLabel | None:
    """Return the units that a paragraph opens with as its subject (甲、乙：负责…), else None."""
    found = re.match(r"(?P<names>[^。：:；;]{2,60})(?:[：:]|。(?=[^。]))(?P<rest>.*)", text, re.DOTALL)
    names = split_units(found["names"]) if found and found["rest"].strip() else ()
    if (
        not found
        or not names
        or not all(map(is_office, names))
        or (any("各" in name or "有关" in name for name in names) and not _assigned(found["rest"]))
    ):
        return None
    return ResponsibilityLabel(0, found.end("names"), tuple(UnitRef(name, name) for name in names))


def _assigned(text: str) -> bool:
    """Whether a text begins with a verb that gives work to those named before it, as no letter to them does."""
    duty = load("units")["duty"]
    return text.startswith(tuple(duty["assigning_verbs"] + duty["lead_verbs"] + duty["cooperating_verbs"]))


def only_units(text: str) -> tuple[UnitRef, ...]:
    """Return the units of a text that names nothing else (a heading such as 市教委), else nothing."""
    names = split_units(text) if len(text) <= _LONGEST_HEADING else ()
    return tuple(UnitRef(name, name) for name in names) if names and all(map(is_office, names)) else ()


def _read_bracket(bracket: re.Match[str], text: str) -> ResponsibilityLabel | None:
    """Read a bracket: labels, units with verbs or alone, a due time; what stands before the first label counts too."""
    inner = next(group for group in bracket.groups() if group is not None).strip()
    span = bracket.span()
    at = labels.opened(inner)
    if at is None:
        return _read_verbs(inner, *span) or _read_bare(inner, text, *span) or _unread(inner, text, *span)
    labelled = _read_labelled(inner[at:], *span)
    opening = inner[:at].strip(PART_END)
    if not opening:
        return labelled or _unread(inner, text, *span)
    before = _read_verbs(opening, *span) or _read_bare(opening, text, *span)
    if labelled is None:
        return before
    due = opening if re.search(remarks()["due"], opening) else ""
    if before is None and not due:
        return None
    units = before.units if before else ()
    return replace(labelled, units=(*units, *labelled.units), deadline=labelled.deadline or due)


def _read_labelled(text: str, start: int, end: int) -> ResponsibilityLabel | None:
    found = RoleReading()
    deadline = ""
    for part in labels.parts(text):
        value = part.value.strip(PART_END)
        if part.kind == labels.DEADLINE:
            deadline = value
        elif role := _role(part, value):
            own = read_units(without_remarks(value), role, part.label)
            found.units += own.units
            found.strange += own.strange
            found.due = found.due or own.due
    deadline = deadline or found.due
    return (
        ResponsibilityLabel(start, end, tuple(found.units), deadline, tuple(found.strange))
        if found.units or deadline
        else None
    )


def _role(part: labels.LabelledPart, value: str) -> Role | None:
    """Return the role that a label gives; one of no known form gives that of its verb where only units follow."""
    if part.kind != labels.OTHER:
        return Role(part.kind) if part.kind not in _NO_ROLE else None
    verb = labels.verb_in(part.label)
    return Role(verb) if verb and is_unit_list(value) else None


def _read_verbs(inner: str, start: int, end: int) -> ResponsibilityLabel | None:
    statement = without_remarks(inner)
    if not any(role for _, role in list_parts(statement)):
        return None
    found = read_units(statement, Role.RESPONSIBLE, "")
    if not found.units or found.strange:
        return None
    return ResponsibilityLabel(start, end, tuple(found.units), found.due)


def _read_bare(inner: str, text: str, start: int, end: int) -> ResponsibilityLabel | None:
    """Read a bracket that holds units and nothing else, at the end of a sentence."""
    if not _ends_sentence(text, start, end):
        return None
    found = read_units(without_remarks(inner), Role.RESPONSIBLE, "")
    if found.strange or not any(is_office(unit.printed) for unit in found.units):
        return None
    return ResponsibilityLabel(start, end, tuple(found.units), found.due)


def _ends_sentence(text: str, start: int, end: int) -> bool:
    after = text[end:].lstrip()[:1]
    before = text[:start].rstrip()[-1:]
    return before in set("。；;！") or after in set("。；;\n") or not after


def _unread(inner: str, text: str, start: int, end: int) -> ResponsibilityLabel | None:
    """Return a statement without units for a bracket behind a sentence that opens with offices, in unknown words."""
    if not _ends_sentence(text, start, end) or _REFERENCE.search(inner):
        return None
    names = re.split("[、，,；;：:]", inner)
    return ResponsibilityLabel(start, end, (), "", (inner,)) if any(map(opens_with_office, names)) else None
