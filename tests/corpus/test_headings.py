"""Headings that only their style tells, in Word documents and Markdown files."""

from __future__ import annotations

import pytest

from tests.corpus.worked import Case, cases, misses


@pytest.mark.parametrize("case", cases("kinds", "headings"), ids=lambda case: case["gold"][0])
def test_a_style_makes_an_outline_where_no_numbers_are_printed(case: Case) -> None:
    """Each clause stands below its headings; a title, and headings beside printed numbers, open no level."""
    assert misses(case) == []
