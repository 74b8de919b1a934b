"""Files whose text is hidden until scripts ran, whose paragraphs are indented, or whose tables end in tabs."""

from __future__ import annotations

import pytest

from tests.corpus.worked import Case, cases, misses


@pytest.mark.parametrize("case", cases("kinds", "page_and_text"), ids=lambda case: case["gold"][0])
def test_all_of_the_text_is_read_as_paragraphs(case: Case) -> None:
    """A whole page is never hidden, and a tab before a paragraph makes no cell."""
    assert misses(case) == []
