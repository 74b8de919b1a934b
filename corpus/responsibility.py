"""Who answers for a clause: labels and lists of units in a text, by the forms of ``data/responsibility.toml``.

Three forms are read: a label in brackets （责任单位：甲、乙）, the same label as a line of its own (牵头单位：甲), and
a bracket that ends in a verb （甲牵头，乙、丙等按职责分工负责）. Names come out as printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.datafiles import load
from corpus.model import Role, UnitRef

_SHORTEST_NAME, _LONGEST_NAME = 2, 30
_PART_END = "，,；;。 　"


@dataclass(frozen=True, slots=True)
class Label:
    """One statement of responsibility inside a text."""

    start: int
    end: int
    """Span of the statement in the text, brackets included."""
    units: tuple[UnitRef, ...]
    deadline: str = ""
    first_leads: bool = False
    """It remarks that the first unit of every list leads, here and below."""


@cache
def _roles() -> dict[str, Role | None]:
    labels = load("responsibility")["labels"]
    return {name: None if role == "deadline" else Role(role) for role, names in labels.items() for name in names}


@cache
def _alternatives(*names: str) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?P<label>{_alternatives(*_roles())})[ 　]*[:：][ 　]*")


@cache
def _bracket() -> re.Pattern[str]:
    inner = r"(?:[^（）()]|[（(][^（）()]*[）)])*"
    return re.compile(rf"[（(](?P<inner>{inner})[）)]")


@cache
def _verb_clause() -> re.Pattern[str]:
    words = load("responsibility")["list"]
    ends = _alternatives(*words["duty_words"], *words["lead_words"], *words["cooperate_words"])
    return re.compile(rf"(?P<names>.*?)(?P<verb>{ends})$", re.DOTALL)


def find(text: str) -> tuple[Label, ...]:
    """Return the bracketed statements of responsibility in ``text``, in order."""
    labels = []
    for found in _bracket().finditer(text):
        label = _read_bracket(found["inner"], found.start(), found.end())
        if label:
            labels.append(label)
    return tuple(labels)


def whole_line(text: str) -> Label | None:
    """Return the statement when the paragraph is nothing else (牵头单位：甲、乙), else None."""
    if not _label().match(text):
        return None
    return _read_labelled(text, 0, len(text))


def _read_bracket(inner: str, start: int, end: int) -> Label | None:
    if _label().match(inner.strip()):
        return _read_labelled(inner.strip(), start, end)
    return _read_verbs(inner, start, end)


def _read_labelled(text: str, start: int, end: int) -> Label | None:
    units: list[UnitRef] = []
    deadline = ""
    marks = list(_label().finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = text[mark.end() : following.start() if following else len(text)].strip(_PART_END)
        role = _roles()[mark["label"]]
        if role is None:
            deadline = value
        else:
            units += [UnitRef(name, name, role, mark["label"]) for name in split_units(value)]
    return Label(start, end, tuple(units), deadline) if units or deadline else None


def _read_verbs(inner: str, start: int, end: int) -> Label | None:
    words = load("responsibility")["list"]
    statement, _, remark = inner.partition("。")
    units: list[UnitRef] = []
    pending: list[str] = []
    for part in re.split(r"[，,；;]", statement):
        found = _verb_clause().match(part.strip())
        pending.append(found["names"] if found else part)
        if found:
            role = _verb_role(found["verb"], words)
            units += [UnitRef(name, name, role, "") for names in pending for name in split_units(names)]
            pending = []
    if pending or not units or not all(is_unit_name(unit.printed) for unit in units):
        return None
    first_leads = any(word in remark for word in words["first_leads"])
    return Label(start, end, tuple(units), first_leads=first_leads)


def _verb_role(verb: str, words: dict[str, list[str]]) -> Role:
    if verb in words["lead_words"]:
        return Role.LEAD
    return Role.COOPERATING if verb in words["cooperate_words"] else Role.RESPONSIBLE


def split_units(value: str) -> tuple[str, ...]:
    """Return the unit names of a printed list, open ends (等有关部门) left out."""
    words = load("responsibility")["list"]
    value = re.sub(r"[ 　]+", "", value)
    for number, name in enumerate(words["joined"]):
        value = value.replace(name, chr(0xE000 + number))
    ends = _alternatives(*words["open_ends"])
    names = []
    for raw in re.split(f"[{re.escape(words['separators'])}](?![^（(]*[）)])", value):
        name = re.sub(f"(?:{ends})$", "", raw.strip("。 \t"))
        for number, joined in enumerate(words["joined"]):
            name = name.replace(chr(0xE000 + number), joined)
        if name and name not in names:
            names.append(name)
    return tuple(names)


@cache
def _unit_form() -> re.Pattern[str]:
    forms = load("units")["form"]
    return re.compile(rf"(?:{_alternatives(*forms['endings'])})(?:[（(][^（）()]*[）)])?$")


def is_unit_name(name: str) -> bool:
    """Whether ``name`` has the form of a unit's name (ends in 局, 委, 办, 中心, 街道 …)."""
    return _SHORTEST_NAME <= len(name) <= _LONGEST_NAME and bool(_unit_form().search(name))
