"""The shipped plans, parsed, and a door to plans written inside a test."""

from __future__ import annotations

import pytest

from corpus.library.shipped import load_shipped_plans, parse_text
from corpus.model import Clause, Plan, PlanMeta


class Library:
    """Clauses by their ids for people."""

    def __init__(self) -> None:
        self.plans = {plan.meta.id: plan for plan in load_shipped_plans()}

    def __getitem__(self, clause_id: str) -> Clause:
        """Return a clause of either plan."""
        return next(clause for plan in self.plans.values() for clause in plan.clauses if clause.id == clause_id)


@pytest.fixture(scope="session")
def library() -> Library:
    """Give both shipped plans."""
    return Library()


@pytest.fixture(scope="session")
def banan(library: Library) -> Plan:
    """Give the plan of 巴南区."""
    return library.plans["banan"]


@pytest.fixture(scope="session")
def yuzhong(library: Library) -> Plan:
    """Give the plan of 渝中区."""
    return library.plans["yuzhong"]


def parse(text: str, district: str = "甲区", end: int | None = None) -> Plan:
    """Parse a small document written in a test."""
    return parse_text(text.encode(), PlanMeta("test", district, "试行方案", "", None, None, end))
