"""Units that prose gives something to do: 区财政局在卫生健康投入统筹安排…经费, without any label.

A unit counts when it opens a sentence and stands before one of the verbs of ``data/units.toml``: a unit that is only
mentioned is no duty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from corpus.datafiles import load
from corpus.model import Role, UnitRef
from corpus.units import collectives, office_of

_SENTENCE = re.compile(r"[。；;\n]")


@cache
def _generic_names() -> tuple[str, ...]:
    return tuple(sorted(collectives(), key=len, reverse=True))


def find_duties(text: str, known: Iterable[str]) -> tuple[UnitRef, ...]:
    """Return the named units that open a sentence of ``text`` with a verb of duty; ``known`` are the plan's names."""
    names = sorted({*known, *_bare_names(known)}, key=len, reverse=True)
    subject = re.compile(rf"(?P<name>{'|'.join(map(re.escape, names))})(?P<after>.*)") if names else None
    found: dict[str, UnitRef] = {}
    for sentence in _SENTENCE.split(text):
        match = subject.match(sentence.strip()) if subject else None
        if match and match["name"] not in _generic_names():
            role = _role(match["after"])
            if role:
                found.setdefault(match["name"], UnitRef(match["name"], match["name"], role))
    return tuple(found.values())


def _bare_names(known: Iterable[str]) -> set[str]:
    """Names as prose shortens them: 区财政 for 区财政局."""
    bare = {office["base"]: office.get("bare", []) for office in load("units")["office"]}
    offices = [office for name in known if (office := office_of(name))]
    return {office.level + form for office in offices for form in bare[office.base]}


def _role(after: str) -> Role | None:
    duty = load("units")["duty"]
    if after.startswith(tuple(duty["lead_verbs"])):
        return Role.LEAD
    return Role.RESPONSIBLE if after.startswith(tuple(duty["verbs"])) else None
