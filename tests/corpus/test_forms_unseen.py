"""The half of the worked documents that no rule was written on: every kind, each document against its gold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.worked import Case, cases, figures, meta_misses, misses

FOLDER = "forms_unseen"
KINDS = sorted(path.stem for path in Path(__file__).with_name(FOLDER).glob("*.toml"))


def every(table: str) -> list[Case]:
    """Return the documents of all kinds."""
    return [case for kind in KINDS for case in cases(FOLDER, kind, table)]


@pytest.mark.parametrize("case", every("case"), ids=lambda case: case["gold"][0])
def test_every_clause_has_just_its_units_and_due_time(case: Case) -> None:
    """Units, roles, due times and headings are those of the gold, and nothing melts into its neighbour."""
    assert misses(case) == []


@pytest.mark.parametrize("case", every("meta"), ids=lambda case: case["text"].split("\n")[0])
def test_every_head_says_what_it_says(case: Case) -> None:
    """Title, issuer, district, day and period are those of the gold."""
    assert meta_misses(case) == []


@pytest.mark.parametrize("case", every("sentence"), ids=lambda case: case["text"])
def test_every_figure_is_read_once(case: Case) -> None:
    """Targets are those of the gold, none more."""
    assert figures(case) == case["gold"]
