"""A short chaos run: workers and the database are killed while notices are delivered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_doubled_and_nothing_is_lost_in_silence(database: str) -> None:
    """Whatever dies in between: the platform has no message twice, and what it has not got is reported."""
    command = [sys.executable, "scripts/chaos/notices.py", "--database", database, "--seeds", "1", "--notices", "80"]
    run = subprocess.run(
        [*command, "--chance", "0.02", "--window", "4"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "doubled, silently lost, out of order or left: 0" in run.stdout
