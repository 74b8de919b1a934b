"""Clauses in the making: a clause without its id, with the division it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corpus.figures.targets import due_of_all, find_targets
from corpus.model import Clause, ClauseKind, Place, PlanMeta, Target
from corpus.notation.dates import label_due
from corpus.notation.numbering import Mark
from corpus.structure.headings import level_of

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
class ClausePosition:
    """Where a clause stands."""

    place: Place
    number: str
    path: tuple[str, ...]
    line: int


def blank(
    meta: PlanMeta, kind: ClauseKind, spot: ClausePosition, body: str, text: str, deadline: str = ""
) -> Clause:  # fmt: skip
    """Return a clause that has no id and no units yet: its title and targets are read from ``body``.

    Targets without a time of their own are due with the label's ``deadline``, else with the plan's last year.
    """
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
        targets=_targets(body, deadline, meta.end) if kind in _WITH_TARGETS else (),
        deadline=deadline,
        recognised=meta.recognised,
    )


def _targets(body: str, deadline: str, end: int | None) -> tuple[Target, ...]:
    due = label_due(deadline) or due_of_all(body)
    return tuple(
        target
        if target.year
        else replace(target, year=due.year if due else end, deadline=due.deadline if due else None)
        for target in find_targets(body, None)
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
        if level_of(mark):
            parts.append(f".{mark.number}" if parts else f"节{mark.number}")
        elif mark.kind == "dotted":
            parts = [mark.number]
        elif mark.kind in {"han_paren", "arabic_paren"}:
            parts.append(f"({mark.number})")
        elif mark.lower:
            parts.append(str(mark.value))
        else:
            parts.append(mark.number if mark.kind in {"han", "arabic"} else mark.printed)
    return "".join(parts)
