"""Labels before units, people and due times (责任单位：, 分管领导：, 完成时限：), listed ones and others by their form.

A label that no list knows is told by how it ends (…单位, …时限) and by the verb inside it (牵头…, 配合…); one that is
told by neither gives nothing, and what stands behind it is nobody's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from corpus.datafiles import load
from corpus.model import Role
from corpus.offices.roles import PART_END, is_whole_due, whole_verb

DEADLINE, PERSON, OTHER = "deadline", "person", "other"
_SHORT_LABEL = 2
"""Labels so short (责任, 牵头) count only at the start of a line, a bracket or a cell."""
_BLANK = "[ \u3000]{0,2}"
_COLON = rf"(?P<remark>[（(][^（）()]*[）)])?{_BLANK}[:：][ \u3000]*"
_BOXED = r"[【〔［\[](?=[^【】〔〕［］\[\]:：]{2,14}[】〕］\]])"
"""What opens a label that brackets set off from the names behind it (【责任单位】甲)."""
_UNBOXED = r"[】〕］\]][:：]?[ \u3000]*"


@dataclass(frozen=True, slots=True)
class LabelledPart:
    """A label with what stands behind it, up to the next label."""

    label: str
    kind: str
    """A role, or deadline, person or other."""
    value: str


def squeeze(label: str) -> str:
    """Return a label without the blanks inside it (责 任 单 位)."""
    return re.sub(r"[ \u3000]", "", label)


@cache
def kinds() -> dict[str, str]:
    """Map each listed label to its role, deadline or person."""
    return {name: kind for kind, names in load("responsibility")["labels"].items() for name in names}


@cache
def known() -> re.Pattern[str]:
    """Return the pattern of a listed label and its colon."""
    names = sorted(kinds(), key=len, reverse=True)
    spaced = "|".join(_BLANK.join(map(re.escape, name)) for name in names)
    return re.compile(rf"(?:{_BOXED})?(?P<label>{spaced})(?:{_BLANK}{_COLON}|{_UNBOXED})")


@cache
def _formed() -> re.Pattern[str]:
    """Return the pattern of any short word and its colon, where a part of a list or a line begins."""
    return re.compile(rf"(?:^|(?<=[，,；;。 \u3000\n])){_BLANK}(?P<label>[^\W\d_]{{2,12}}){_COLON}")


@cache
def of_blank() -> re.Pattern[str]:
    """Return the pattern of a label with a blank or 为 where others have a colon."""
    names = sorted((name for name in kinds() if len(name) > _SHORT_LABEL), key=len, reverse=True)
    return re.compile(rf"(?P<label>{'|'.join(names)})(?:[ \u3000]+|为|是)")


def is_short(label: str) -> bool:
    """Whether a label is too short to count in the middle of a text."""
    return len(squeeze(label)) <= _SHORT_LABEL


@lru_cache(maxsize=1024)
def kind_of(label: str) -> str:
    """Return what a label gives: a role, deadline, person, or other where neither list nor form tells."""
    label = squeeze(label)
    forms = load("responsibility")["label_forms"]
    if label in kinds():
        return kinds()[label]
    if label in forms["other"]:
        return OTHER
    if label.endswith(tuple(forms["person"])):
        return PERSON
    if label.endswith(tuple(forms["deadline"])):
        return DEADLINE
    verb = verb_in(label)
    if label.endswith(tuple(forms["unit"])):
        return verb or str(Role.RESPONSIBLE)
    return str(whole_verb(label) or OTHER)


def verb_in(label: str) -> str:
    """Return the role of the verb that stands in a label; empty where none does."""
    return next((role for role, words in _role_words() if any(word in label for word in words)), "")


@cache
def _role_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    words = load("responsibility")["label_forms"]["roles"]
    return tuple((role, tuple(found)) for role, found in words.items())


def gives_units(label: str) -> bool:
    """Whether a label gives units a role."""
    return kind_of(label) not in {DEADLINE, PERSON, OTHER}


@lru_cache(maxsize=1024)
def _marks(text: str) -> tuple[re.Match[str], ...]:
    """Return the labels in a text; where two overlap, the one that begins first."""
    found: list[re.Match[str]] = []
    for mark in sorted((*known().finditer(text), *_formed().finditer(text)), key=lambda one: one.start("label")):
        if not found or mark.start("label") >= found[-1].end():
            found.append(mark)
    return tuple(found)


def parts(text: str) -> Iterator[LabelledPart]:
    """Yield the labels of a text with their values; what stands before the first one is not among them."""
    marks = _marks(text)
    bounds = [*(mark.start() for mark in marks), len(text)]
    for mark, (_, end) in zip(marks, pairwise(bounds), strict=True):
        value = text[mark.end() : end]
        kind = kind_of(mark["label"])
        yield LabelledPart(
            squeeze(mark["label"]), DEADLINE if kind == OTHER and is_whole_due(value.strip(PART_END)) else kind, value
        )


def opened(text: str) -> int | None:
    """Return where the first label begins that opens the text or a part of it; None without one."""
    return next((mark.start("label") for mark in _marks(text) if _opens(text, mark.start("label"))), None)


def _opens(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in "，,；;。 \u3000\n"


def line_label(text: str) -> bool:
    """Whether a line opens with a label that is listed, has the form of one, or has a due time behind it."""
    if known().match(text):
        return True
    found = _formed().match(text)
    forms = load("responsibility")["label_forms"]
    if found and is_whole_due(text[found.end() :].strip(PART_END)):
        return True
    return bool(found) and squeeze(found["label"] if found else "").endswith((*forms["unit"], *forms["deadline"]))
