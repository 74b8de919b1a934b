"""How an answer stands beside the gold: exact, incomplete, too much or declined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from scripts.measures.judging import folded
from scripts.measures.wordings.cases import Case
from scripts.measures.wordings.gold import Gold, stands


class Verdict(StrEnum):
    """What can be said of an answer."""

    EXACT = "exact"
    INCOMPLETE = "incomplete"
    TOO_MUCH = "too much"
    DECLINED = "declined"


class Cited(msgspec.Struct, frozen=True):
    """A clause that an answer cites."""

    id: str


class Reply(msgspec.Struct, frozen=True):
    """A line of ``python -m bot ask --jsonl``, as far as it is judged."""

    id: int
    answered: bool
    kind: str
    text: str
    clauses: list[Cited]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case, what is said of its answer, and in what that answer differs."""

    case: Case
    verdict: Verdict
    why: str = ""


def judged(case: Case, reply: Reply) -> Outcome:
    """Return what is said of a reply; what lacks something and has something too many is incomplete."""
    gold = case.gold
    if gold.declined:
        return Outcome(case, Verdict.EXACT) if not reply.answered else Outcome(case, Verdict.TOO_MUCH, "answered")
    if not reply.answered:
        return Outcome(case, Verdict.DECLINED, reply.text.split("\n", 1)[0])
    if lacking := _lacking(gold, reply):
        return Outcome(case, Verdict.INCOMPLETE, f"{reply.kind}: lacks {'; '.join(lacking)}")
    if extra := _extra(gold, reply):
        return Outcome(case, Verdict.TOO_MUCH, f"{reply.kind}: has {'; '.join(extra)}")
    return Outcome(case, Verdict.EXACT)


def _lacking(gold: Gold, reply: Reply) -> list[str]:
    cited = {one.id for one in reply.clauses}
    lacking = [min(group) for group in gold.needed if not group & cited]
    text, first_line = folded(reply.text), _first_line(reply)
    if gold.told and not _told(gold, first_line if gold.told_first else text):
        lacking.append(" ".join(gold.told[0]))
    lacking += [max(forms, key=len) for forms in gold.names if not any(stands(form, text) for form in forms)]
    if gold.names and not any(stands(form, first_line) for forms in gold.names for form in forms):
        lacking.append("a unit in the first line")
    return lacking


def _extra(gold: Gold, reply: Reply) -> list[str]:
    cited, first_line = [one.id for one in reply.clauses], _first_line(reply)
    if gold.first and not _told(gold, first_line) and (not cited or cited[0] not in gold.first):
        return [*cited[:1], "first"]
    extra = [one for one in cited if gold.allowed is not None and one not in gold.allowed]
    return [*extra, *(name for name in sorted(gold.strangers) if stands(name, first_line))]


def _told(gold: Gold, text: str) -> bool:
    return any(all(stands(words, text) for words in one) for one in gold.told)


def _first_line(reply: Reply) -> str:
    return folded(reply.text.split("\n", 1)[0])
