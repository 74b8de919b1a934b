"""Clauses in the making: a clause without its id, with the division it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.model import Clause, ClauseKind, Place, PlanMeta
from corpus.numbering import Mark, han_to_int
from corpus.targets import find_targets

_TITLE_LENGTH = 40
_COMMA = re.compile(r"[，,：:；;]")
_LEADING_DUE = re.compile(r"^(?:到|至|截至)20[0-9]{2}年?(?:底|末)?[，,]")
_WITH_TARGETS = (ClauseKind.TASK, ClauseKind.TEXT)


@dataclass(frozen=True, slots=True)
class Draft:
    """A clause before it has an id."""

    division: int
    clause: Clause
    suffix: str = ""
    """Tells paragraphs under one number apart (¶2)."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a clause stands."""

    place: Place
    number: str
    path: tuple[str, ...]
    line: int


def blank(meta: PlanMeta, kind: ClauseKind, spot: Spot, body: str, text: str) -> Clause:
    """Return a clause that has no id and no units yet: its title and targets are read from ``body``."""
    return Clause(
        id="",
        kind=kind,
        plan=meta.id,
        district=meta.district,
        place=spot.place,
        number=spot.number,
        path=spot.path,
        title=short_title(body),
        text=text,
        body=body,
        line=spot.line,
        targets=find_targets(body, meta.end) if kind in _WITH_TARGETS else (),
    )


def short_title(text: str) -> str:
    """Return the first sentence of a clause's body, or its first part where that is long."""
    first = _LEADING_DUE.sub("", text.strip()).partition("。")[0].partition("\n")[0].strip()
    if len(first) > _TITLE_LENGTH:
        first = _COMMA.split(first)[0]
    return first if len(first) <= _TITLE_LENGTH else first[:_TITLE_LENGTH]


def number_text(marks: tuple[Mark, ...]) -> str:
    """Return the number of an item for people: 一(一)2; a dotted number stands for itself."""
    parts: list[str] = []
    for mark in marks:
        if mark.kind == "dotted":
            parts = [mark.number]
        elif mark.kind in {"han_paren", "arabic_paren"}:
            parts.append(f"({mark.number})")
        elif mark.kind == "shi":
            parts.append(str(han_to_int(mark.number)))
        elif mark.kind == "circled":
            parts.append(str(ord(mark.number) - ord("①") + 1))
        else:
            parts.append(mark.number if mark.kind in {"han", "arabic"} else mark.printed)
    return "".join(parts)
