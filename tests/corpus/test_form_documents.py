"""The imagined documents in the formats of an office, each against its gold: the half that rules know misses none."""

from __future__ import annotations

import pytest

from corpus.readers.formats import read_here
from scripts.measures.form_gold import run

FLOORS = {"units": 0.93, "deadlines": 0.93, "targets": 0.85, "names": 0.99}


def test_every_document_of_the_seen_half_reaches_its_gold() -> None:
    """Text, Word, Excel, CSV, Markdown, web page, PDF, OFD and archive: units, roles, due times, figures, headings."""
    assert run("seen", ocr=False, reader=read_here).misses == []


@pytest.mark.parametrize("name", FLOORS)
def test_the_half_kept_apart_does_not_fall(name: str) -> None:
    """What no rule was written on keeps what it had; only totals are looked at."""
    assert run("kept", ocr=False, reader=read_here).share(name) >= FLOORS[name]
