"""Damaged files end in a plan or in one line; the long run of this is ``scripts/chaos/fuzz_readers.py``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from scripts.chaos.fuzz_readers import CHANGES, damaged, nested, originals, outcome


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return whole files of every format."""
    return originals(tmp_path_factory.mktemp("originals"))


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_is_read_or_refused_in_one_line(files: list[Path], tmp_path: Path, seed: int) -> None:
    """Cut short, bytes changed, pieces missing or repeated, brackets never closed: no other end than these two."""
    name, data = damaged(files, random.Random(seed))
    (tmp_path / name).write_bytes(data)
    found = outcome(tmp_path / name)
    assert found.good, found


def test_the_run_damages_files_in_every_way(files: list[Path]) -> None:
    """Every change alters a file, and the same seed alters it the same way."""
    data = files[0].read_bytes()
    for change in CHANGES:
        assert change(data, random.Random(1)) == change(data, random.Random(1)) != data
    assert len(nested(data, random.Random(2))) > len(data)
