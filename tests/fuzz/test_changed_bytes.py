"""Bytes changed on their way are read, or refused by name; the long run is ``scripts/chaos/fuzz_inputs.py``."""

from __future__ import annotations

import random

import pytest

from scripts.chaos.fuzz_inputs import HARNESSES, Harness, changed, run


@pytest.mark.parametrize("name", HARNESSES)
def test_changed_bytes(name: str) -> None:
    """Whichever reader it is: a value, or the error that it names."""
    bad, _, _ = run(HARNESSES[name], 300, f"7-{name}")
    assert not bad


def test_a_reader_that_falls_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    """What it raises unasked is counted, and shown with the seed that made it."""
    bad, _, _ = run(Harness(lambda data: data.decode(), ("问策".encode(),)), 50, "a")
    assert bad
    assert "UnicodeDecodeError" in capsys.readouterr().out
    assert changed(b"abc", random.Random(1)) == changed(b"abc", random.Random(1))
