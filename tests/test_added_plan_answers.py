"""A plan that an office adds is answered from, beside the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.serving.open_answerer import open_answerer
from corpus.commands.add import run
from corpus.commands.candidate import Given
from corpus.library.added import PlanStore
from index.errors import StorageError

PLAN = "江东省河口县教育发展行动方案\n\n一、建设学校\n\n（一）到2026年，新建中学3所。（责任单位：县教育局、县财政局）\n"
NO_MODEL = "./none"
"""Retrieval by words alone: this is not about the model."""


def test_an_added_plan_is_in_the_next_snapshot_and_a_removed_one_is_not(tmp_path: Path) -> None:
    """The index is made anew when the added plans have changed, and only then."""
    file = tmp_path / "教育.txt"
    file.write_text(PLAN, encoding="utf-8")
    data, store = tmp_path / "var", PlanStore(tmp_path / "var/plans")
    before = open_answerer(data, NO_MODEL).districts()
    assert run(file, store, Given(), sure=True) == 0
    assert set(open_answerer(data, NO_MODEL).districts()) == {*before, "河口县"}
    store.remove("教育")
    assert open_answerer(data, NO_MODEL).districts() == before


def test_a_broken_plan_file_stops_the_bot_with_its_name(tmp_path: Path) -> None:
    """What cannot be read is told at the start, in one line."""
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "坏.json").write_text("{", encoding="utf-8")
    with pytest.raises(StorageError, match=r"坏\.json"):
        open_answerer(tmp_path, NO_MODEL)
