"""Numerals that open a heading, and those that only stand in a sentence."""

from __future__ import annotations

import pytest

from tests.corpus.worked import Case, cases, misses


@pytest.mark.parametrize("case", cases("kinds", "numerals"), ids=lambda case: case["gold"][0])
def test_a_numeral_opens_a_heading_only_where_it_counts_one(case: Case) -> None:
    """A list of numerals in a sentence (一、二、三产业) cuts nothing, and a point of any shape ends a number."""
    assert misses(case) == []
