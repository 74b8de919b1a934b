"""Task tables: columns with any heads, cells that say 同上 or speak of two roles, rows that lost their ruling."""

from __future__ import annotations

import pytest

from tests.corpus.conftest import parse
from tests.corpus.worked import Case, cases, misses


@pytest.mark.parametrize("case", cases("kinds", "task_tables"), ids=lambda case: case["gold"][0])
def test_a_table_with_a_column_of_units_is_a_task_table(case: Case) -> None:
    """Its text is the column with the longest cells where no head tells; quarters are none."""
    assert misses(case) == []


@pytest.mark.parametrize("case", cases("kinds", "table_cells"), ids=lambda case: case["gold"][0])
def test_cells_find_their_columns(case: Case) -> None:
    """A cell of several lines, a merged one, 同上 and cells parted by blanks give the row they stand in its own."""
    assert misses(case) == []


def test_a_table_of_standards_gives_targets() -> None:
    """一级指标, 二级指标 and 评价标准 without a year or units are texts with what is to be reached."""
    rows = "一级指标\t二级指标\t评价标准\n绿色出行\t公交分担率\t不低于40%\n绿色出行\t公交站点\t达到300个\n"
    plan = parse(f"一、考核\n{rows}", end=2028)
    found = {clause.path[-2:]: clause.targets for clause in plan.clauses if clause.targets}
    assert {path: [(one.what, one.value, one.year) for one in targets] for path, targets in found.items()} == {
        ("绿色出行", "公交分担率"): [("公交分担率", 40, 2028)],
        ("绿色出行", "公交站点"): [("公交站点", 300, 2028)],
    }
    assert plan.problems == ()
