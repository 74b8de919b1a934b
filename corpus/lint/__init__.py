"""A plan's own contradictions and gaps: what a careful reader would ask its authors about."""

from __future__ import annotations

from corpus.lint import marks, places, tables, words
from corpus.lint.finding import FindingPlace, LintFinding
from corpus.lint.homophones import homophones
from corpus.model import Plan

__all__ = ["FindingPlace", "LintFinding", "findings"]

_RULES = (
    tables.baselines,
    tables.sums,
    tables.parts,
    tables.prose,
    tables.said_twice,
    tables.pursuit,
    tables.names,
    places.units,
    places.partners,
    places.headings,
    places.targets,
    places.deadlines,
    words.unit_forms,
    words.strange_units,
    words.repeats,
    words.states_as_tasks,
    words.annex_names,
    marks.stops,
    marks.brackets,
    marks.years,
    marks.twice,
)


def findings(plan: Plan, beside: tuple[Plan, ...] = ()) -> tuple[LintFinding, ...]:
    """Return what the rules find, rule by rule in the plan's order; ``beside`` are plans to compare wordings with."""
    return (*(found for rule in _RULES for found in rule(plan)), *homophones(plan, beside))
