"""Numbers to be reached in further forms, and by when: labels, columns and dates inside a sentence."""

from __future__ import annotations

import pytest

from tests.corpus.worked import Case, cases, figures, misses


@pytest.mark.parametrize("case", cases("kinds", "figures", "sentence"), ids=lambda case: case["text"])
def test_a_sentence_gives_just_what_is_to_be_reached(case: Case) -> None:
    """Latin units, numbers in characters and each date's own year count; rates and caps of what is given do not."""
    assert figures(case) == case["gold"]


@pytest.mark.parametrize("case", cases("kinds", "deadlines"), ids=lambda case: case["gold"][0])
def test_a_due_time_is_kept_wherever_it_is_printed(case: Case) -> None:
    """A label's or a column's stands in the clause's deadline, a sentence's in a target."""
    assert misses(case) == []
