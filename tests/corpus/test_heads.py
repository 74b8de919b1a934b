"""What a document says of itself: its district, and title, issuer and date among other lines of its head."""

from __future__ import annotations

import pytest

from tests.corpus.worked import Case, cases, meta_misses


@pytest.mark.parametrize("case", cases("kinds", "places", "meta"), ids=lambda case: case["text"].split("\n")[0])
def test_a_common_word_is_no_district(case: Case) -> None:
    """A plan alone has the smallest place that its title opens with, and none where 社区 only looks like one."""
    assert meta_misses(case) == []


@pytest.mark.parametrize("case", cases("kinds", "titles", "meta"), ids=lambda case: case["text"][:20])
def test_the_title_is_told_from_the_lines_around_it(case: Case) -> None:
    """A repeated title, particulars, signatures and a Markdown file's front matter are no part of it."""
    assert meta_misses(case) == []
