"""What stands below the last item: signature, date, 此件公开发布, from when it is in force."""

from __future__ import annotations

import pytest

from tests.corpus.worked import Case, cases, misses


@pytest.mark.parametrize("case", cases("kinds", "endings"), ids=lambda case: case["gold"][0])
def test_closing_lines_belong_to_no_item(case: Case) -> None:
    """They are kept as texts of the document, without a number, and lend the last item no word."""
    assert misses(case) == []
