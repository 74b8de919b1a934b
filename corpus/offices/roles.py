"""A list of units with the roles that verbs, marks and remarks in it give: 甲牵头，乙、丙等配合; 甲（牵头）、乙."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from corpus.datafiles import load
from corpus.model import Role, UnitRef
from corpus.offices.unit_lists import clean_name, is_office, is_unit_name, split_units

PART_END = "，,；;。 　"
"""What may stand around a part of a list."""


_WORDS = ("lead", "cooperating", "guiding", "responsible", "around")
_LONGEST_PHRASE = 40
_LONGEST_DUE = 24
_ORDER = ("cooperating", "guiding")
"""Beside a verb that leads, the first of these kinds decides."""


@dataclass(slots=True)
class RoleReading:
    """What a list of units says."""

    units: list[UnitRef] = field(default_factory=list)
    due: str = ""
    """A due time that stands among the names."""
    strange: list[str] = field(default_factory=list)
    """What stands in a unit's place without having the form of one."""


@cache
def _verb_words() -> dict[str, str]:
    """Map each word of a verb phrase to its kind."""
    words = load("responsibility")["verbs"]
    return {word: kind for kind in _WORDS for word in words[kind]}


@cache
def _verb_word() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_verb_words(), key=len, reverse=True))))


@lru_cache(maxsize=1024)
def verb_role(phrase: str) -> Role | None:
    """Return the role that a verb phrase gives (按职责分工配合 → cooperating); None where it holds no verb."""
    found = [_verb_words()[word] for word in _verb_word().findall(phrase)]
    if "lead" in found:
        return Role.LEAD
    duties = "responsible" in found or any(word in phrase for word in load("responsibility")["verbs"]["duties"])
    decided = next((kind for kind in found if kind in _ORDER), "responsible" if duties else "")
    return Role(decided) if decided else None


@lru_cache(maxsize=4096)
def _split_verb(part: str) -> tuple[str, Role] | None:
    """Return the names of a part and the role of the verb that ends it; None where no verb does."""
    at = _phrase_start(part)
    role = verb_role(part[at:])
    if role is None or (at and is_unit_name(part)):
        return None
    return part[:at], role


def whole_verb(text: str) -> Role | None:
    """Return the role of a text that is a verb and nothing else (主责, 协办); None for any other."""
    return verb_role(text) if not _phrase_start(text) else None


def _phrase_start(part: str) -> int:
    """Return where the longest run of words begins that ends a part; its end where there is none."""
    first = max(0, len(part) - _LONGEST_PHRASE)
    reached = {len(part)}
    for at in range(len(part) - 1, first - 1, -1):
        if (part[at] == "、" and at + 1 in reached) or any(
            at + len(word) in reached for word in _words_by_start().get(part[at], ()) if part.startswith(word, at)
        ):
            reached.add(at)
    start = min(reached)
    return start + len(part[start:]) - len(part[start:].lstrip("、"))


@cache
def _words_by_start() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in _verb_words():
        found[word[0]] = (*found.get(word[0], ()), word)
    return found


def first_leads(text: str) -> bool:
    """Whether a paragraph remarks that the first unit of every list leads."""
    return bool(re.search(remarks()["first_leads"], text))


def remarks() -> dict[str, str]:
    """Return the patterns of remarks inside and behind a list."""
    found: dict[str, str] = load("responsibility")["remarks"]
    return found


def is_due(text: str) -> bool:
    """Whether a short text is a due time (12月底前, 长期坚持)."""
    short = len(text) <= _LONGEST_DUE
    return short and bool(re.match(rf"(?:{remarks()['due']}|{load('responsibility')['cells']['due']})", text))


def is_whole_due(text: str) -> bool:
    """Whether a text is a due time and nothing else: 2026年建成三座 says more."""
    return bool(re.fullmatch(load("responsibility")["cells"]["whole_due"], text))


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


def read_units(value: str, role: Role, label: str) -> RoleReading:
    """Return what stands behind a label or in a cell: units, a due time among them, and what is no name.

    Verbs and marks inside give other roles than the label: 甲牵头，乙配合; 甲（牵头）、乙.
    """
    found = RoleReading()
    dues: list[str] = []
    for names, own in list_parts(value):
        for name in split_units(names):
            if re.match(remarks()["due"], name):
                dues.append(name)
            elif unit := _unit(name, own or role, label):
                found.units.append(unit)
            elif _says_something(name):
                found.strange.append(name)
    found.due = "，".join(dues)
    return found


def _unit(name: str, role: Role, label: str) -> UnitRef | None:
    """Return the unit that a printed name means, without the signs around it; None where it has not a unit's form."""
    unit = _marked(UnitRef(name, name, role, label))
    bare = clean_name(unit.printed)
    return replace(unit, name=bare, printed=bare) if is_unit_name(bare) or is_office(bare) else None


def _says_something(name: str) -> bool:
    return bool(re.search(r"[^\W_]", name)) and name not in load("responsibility")["list"]["nothing"]


def _marked(unit: UnitRef) -> UnitRef:
    """Return the unit with the role that a mark behind its name gives, the mark cut off."""
    for role in (Role.LEAD, Role.COOPERATING, Role.GUIDING):
        bare = re.sub(f"{remarks()[f'{role}_mark']}$", "", unit.printed)
        if bare != unit.printed:
            return replace(unit, name=bare, printed=bare, role=role)
    return unit


def list_parts(value: str) -> Iterator[tuple[str, Role | None]]:
    """Yield runs of names with the role that the verb behind them gives; None where no verb follows.

    Names before the first verb share it only where it makes them responsible or leads: 甲，乙配合 says nothing of 甲.
    """
    pending: list[str] = []
    told = False
    for part in re.split(r"[，,；;。](?![^（(]*[）)])", value):
        found = _split_verb(part.strip())
        if found is None and not _opens_together(part):
            pending.append(part)
            continue
        names, role = found or (part, Role.COOPERATING)
        alone = _opens_together(part) or (not told and names.strip() and role in (Role.COOPERATING, Role.GUIDING))
        if alone and any(one.strip() for one in pending):
            yield from _joint(pending, None)
            pending = []
        yield from _joint([*pending, names], role)
        pending, told = [], True
    if pending:
        yield from _joint(pending, None)


def _opens_together(part: str) -> bool:
    """Whether a part opens with the word that names others to work with (会同市公安局)."""
    return bool(re.match(load("responsibility")["verbs"]["together"], part.strip()))


def _joint(names: list[str], role: Role | None) -> Iterator[tuple[str, Role | None]]:
    """Yield names with their role; 甲会同乙 makes 甲 the lead, and 甲指导、乙 keeps each part's own verb."""
    text = "、".join(name for name in names if name.strip())
    sides = re.split(load("responsibility")["verbs"]["together"], text, maxsplit=1)
    if len(sides) == 1:
        yield from _each_verb(text, role)
        return
    if sides[0].strip():
        yield (_split_verb(sides[0].strip()) or (sides[0], Role.LEAD))[0], Role.LEAD
    yield sides[1], Role.COOPERATING


def _each_verb(text: str, role: Role | None) -> Iterator[tuple[str, Role | None]]:
    """Yield the names of a run, those before a verb inside it with its role (甲督导、乙指导)."""
    pending: list[str] = []
    for name in re.split(r"、(?![^（(]*[）)])", text):
        found = _split_verb(name.strip())
        if found is None or not is_unit_name(found[0]):
            pending.append(name)
            continue
        yield "、".join([*pending, found[0]]), found[1]
        pending = []
    if pending:
        yield "、".join(pending), role
