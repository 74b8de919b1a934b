"""Units that prose gives something to do: 区财政局在卫生健康投入统筹安排…经费, without any label.

Units count when they open a sentence and stand before one of the verbs of ``data/units.toml``: a unit that is only
mentioned is no duty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.datafiles import load
from corpus.model import Role, UnitRef
from corpus.offices.unit_lists import is_office, split_units
from corpus.offices.units import collectives, office_of

_SENTENCE = re.compile(r"[。；;，,\n]")
_LONGEST_SUBJECT = 60
_SHORTEST_OFFICE = 3


@dataclass(frozen=True, slots=True)
class _Opening:
    """A sentence's opening read as names and a verb of duty."""

    names: str
    verb: str
    by: bool
    """Whether 由 stands before the names: then somebody is given the work, and not only spoken of."""

    @property
    def assigns(self) -> bool:
        """Whether the verb itself gives work to whoever stands before it (负责, not 要)."""
        duty = load("units")["duty"]
        return self.verb in (*duty["assigning_verbs"], *duty["lead_verbs"], *duty["cooperating_verbs"])


@cache
def _verbs() -> re.Pattern[str]:
    duty = load("units")["duty"]
    return re.compile(
        "|".join(
            sorted(
                {*duty["verbs"], *duty["assigning_verbs"], *duty["lead_verbs"], *duty["cooperating_verbs"]},
                key=len,
                reverse=True,
            )
        )
    )


def find_duties(text: str, known: frozenset[str]) -> tuple[UnitRef, ...]:
    """Return the named units that open a sentence of ``text`` with a verb of duty; ``known`` are the plan's names."""
    names = {*known, *_bare_names(known)}
    found: dict[str, UnitRef] = {}
    for sentence in _SENTENCE.split(text):
        for unit in _sentence_units(sentence.strip(), names):
            found.setdefault(unit.printed, unit)
    return tuple(found.values())


def _sentence_units(sentence: str, known: set[str]) -> Iterator[UnitRef]:
    """Yield the units of the shortest opening that is a list of units and a verb.

    A collective's duty is one of nobody, unless the work is given to it (由各区政府负责).
    """
    for opening in _openings(sentence):
        first, *others = re.split(load("responsibility")["verbs"]["together"], opening.names, maxsplit=1)
        leading, joining = split_units(first), tuple(unit for side in others for unit in split_units(side))
        units = (*leading, *joining)
        if units and all(_is_named(unit, known, assigned=opening.assigns) for unit in units):
            role = _role(opening.verb) if leading else Role.COOPERATING
            for unit in units:
                if not _is_collective(unit) or (opening.by and opening.assigns):
                    yield UnitRef(unit, unit, role if unit in leading else _beside(role, opening))
            return


def _beside(role: Role, opening: _Opening) -> Role:
    """Return the role of who stands behind 会同: 甲会同乙负责 says who does it with whom, 甲和乙 要 is left to both."""
    return Role.COOPERATING if opening.assigns else role


def _role(verb: str) -> Role:
    duty = load("units")["duty"]
    if verb in duty["lead_verbs"]:
        return Role.LEAD
    return Role.COOPERATING if verb in duty["cooperating_verbs"] else Role.RESPONSIBLE


def _openings(sentence: str) -> Iterator[_Opening]:
    if sentence.startswith(("（", "(")):
        return
    for verb in _verbs().finditer(sentence, 1, _LONGEST_SUBJECT):
        before, by, names = sentence[: verb.start()].rpartition("由")
        yield _Opening(names if by else before + names, verb.group(), bool(by))


def _is_collective(name: str) -> bool:
    return name in collectives() or name.startswith("各") or "有关" in name


def _is_named(name: str, known: set[str], *, assigned: bool) -> bool:
    """Whether a name is one of the plan's, a listed office, a collective, or certainly a unit by its form.

    Where a verb assigns work, a firm or an institute is as certain as an office.
    """
    forms = load("units")["form"]
    ends = assigned or name.endswith((*forms["strong_endings"], *forms["duty_endings"]))
    office = len(name) >= _SHORTEST_OFFICE and ends
    return name in known or _is_collective(name) or office_of(name) is not None or (office and is_office(name))


@lru_cache(maxsize=16)
def _bare_names(known: frozenset[str]) -> set[str]:
    """Return names as prose shortens them: 区财政 for 区财政局."""
    bare = {office["base"]: office.get("bare", []) for office in load("units")["office"]}
    offices = [office for name in known if (office := office_of(name))]
    return {office.level + form for office in offices for form in bare[office.base]}
