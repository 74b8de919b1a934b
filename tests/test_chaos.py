"""A short chaos run: the whole bot is killed while people ask on three platforms; the long one is started by hand."""

from __future__ import annotations

from pathlib import Path

from scripts.chaos import kills


async def test_kill_9_loses_no_answer_on_any_platform(tmp_path: Path) -> None:
    """What was asked, and pressed, is answered; twice at most what a start has announced."""
    outcome = await kills.run(tmp_path, f"sqlite:///{tmp_path / 'wence.db'}", 3, scripted=True, at_once=1)
    assert outcome.kills == 3
    assert outcome.crowd is not None
    assert all(tally.asked and tally.pressed for tally in outcome.crowd.tallies.values())
    assert outcome.lost == 0
    assert outcome.doubled <= outcome.again
