"""One contradiction or gap of a plan, with every place that it stands in."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.messages import say
from corpus.model import Clause, Indicator


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """A place in the plan: the clause, its source line, and the words that matter, verbatim."""

    clause: str
    """Id of the clause (or indicator row)."""
    line: int
    quote: str


@dataclass(frozen=True, slots=True)
class LintFinding:
    """What a careful reader would ask the plan's authors about."""

    rule: str
    """Name of the rule, also that of its message."""
    plan: str
    spots: tuple[FindingPlace, ...]
    message: str
    """One Chinese sentence."""


def spot(source: Clause | Indicator, quote: str = "") -> FindingPlace:
    """Return where a clause or an indicator row stands, with the words that matter (all of them by default)."""
    return FindingPlace(source.id, source.line, quote or source.text.replace("\n", " "))


def finding(rule: str, plan: str, spots: tuple[FindingPlace, ...], **values: object) -> LintFinding:
    """Return a finding with the message ``lint.RULE``, its names filled in."""
    return LintFinding(rule, plan, spots, say(f"lint.{rule}", **values))
