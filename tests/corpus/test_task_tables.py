"""Task tables: columns with any heads, cells that say 同上 or speak of two roles, rows that lost their ruling."""

from __future__ import annotations

import pytest

from tests.corpus.worked import Case, cases, misses


@pytest.mark.parametrize("case", cases("kinds", "task_tables"), ids=lambda case: case["gold"][0])
def test_a_table_with_a_column_of_units_is_a_task_table(case: Case) -> None:
    """Its text is the column with the longest cells where no head tells; quarters are none."""
    assert misses(case) == []


@pytest.mark.parametrize("case", cases("kinds", "table_cells"), ids=lambda case: case["gold"][0])
def test_cells_find_their_columns(case: Case) -> None:
    """A cell of several lines, a merged one, 同上 and cells parted by blanks give the row they stand in its own."""
    assert misses(case) == []
