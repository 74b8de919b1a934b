"""Who leads, answers, works with others or guides, in wordings that no list holds whole."""

from __future__ import annotations

import pytest

from tests.corpus.worked import Case, cases, misses


@pytest.mark.parametrize("case", cases("kinds", "role_words"), ids=lambda case: case["gold"][0])
def test_words_around_the_units_give_their_roles(case: Case) -> None:
    """Each item keeps its own bracket, and each unit in it the role of the words behind it."""
    assert misses(case) == []


@pytest.mark.parametrize("case", cases("kinds", "bracket_labels"), ids=lambda case: case["gold"][0])
def test_an_unknown_label_spoils_none_beside_it(case: Case) -> None:
    """A label is told by its ending and its verb; what stands behind any other is nobody's name."""
    assert misses(case) == []


@pytest.mark.parametrize("case", cases("kinds", "guidance"), ids=lambda case: case["gold"][0])
def test_who_guides_has_a_role_of_its_own(case: Case) -> None:
    """指导 and 督导 make neither a lead nor a responsible unit."""
    assert misses(case) == []


@pytest.mark.parametrize("case", cases("kinds", "no_units"), ids=lambda case: case["gold"][0])
def test_what_is_no_name_becomes_no_unit(case: Case) -> None:
    """What has not the form of a name is told as a problem, signs are cut off, a person's contact line is no clause."""
    assert misses(case) == []
