"""Searching a snapshot: both sides, filters, how far the best stands out, and going on without the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library.shipped import PlanSource
from corpus.model import ClauseKind, Place
from index.build import ready
from index.encoder import Encoder
from index.filters import Filters
from index.fusion import fuse
from index.snapshot import Snapshot


def ids(snapshot: Snapshot, query: str, filters: Filters = Filters(), limit: int = 10) -> list[str]:
    """Return the ids found, best first."""
    return [hit.clause.id for hit in snapshot.search(query, filters, limit=limit).hits]


@pytest.mark.parametrize(
    ("query", "number"),
    [("中医馆要建多少个", 1), ("老医书怎么保存", 2), ("传染病人住哪里", 3), ("师傅带徒弟", 4), ("种哪些药材", 5)],
)
def test_words_and_meaning_find_the_clause(snapshot: Snapshot, query: str, number: int) -> None:
    """A question finds its clause in both districts, also where it shares hardly a word with it."""
    assert set(ids(snapshot, query, limit=2)) == {f"甲 {number}", f"乙 {number}"}


def test_a_district_in_the_question_comes_first(snapshot: Snapshot) -> None:
    """Of two clauses with the same words, that of the district named stands first."""
    assert ids(snapshot, "乙区古籍保护")[0] == "乙 2"


@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        (Filters(districts=("乙区",)), {"乙 1", "乙 2", "乙 3", "乙 4", "乙 5"}),
        (Filters(unit_keys=("区教委",)), {"甲 1", "甲 4", "乙 1", "乙 4"}),
        (Filters(unit_keys=("区教委", "区文化旅游委"), districts=("甲区",)), {"甲 1", "甲 2", "甲 4"}),
        (Filters(kinds=(ClauseKind.TEXT,)), {"甲 1", "乙 1"}),
        (Filters(places=(Place.ANNEX,)), set()),
        (Filters(districts=("丙区",)), set()),
    ],
)
def test_filters_hold_on_both_sides(snapshot: Snapshot, filters: Filters, allowed: set[str]) -> None:
    """Nothing outside the filters is found, and everything inside them can be."""
    assert set(ids(snapshot, "中医", filters)) == allowed
    by_words = {hit.clause.id for hit in snapshot.lexical_search("区卫生健康委古籍中医", filters).hits}
    assert by_words <= allowed


def test_expansions_find_what_the_question_does_not_say(snapshot: Snapshot) -> None:
    """A word the question stands for finds a clause by words alone, and counts less than its own words."""
    assert not snapshot.lexical_search("旧书").hits
    assert snapshot.lexical_search("旧书", expansions=["古籍"]).hits[0].clause.title == "保护古籍"
    both = snapshot.lexical_search("隔离病区", expansions=["古籍"]).hits
    assert both[0].clause.title == "设置隔离病区"


def test_lift_tells_questions_apart(snapshot: Snapshot) -> None:
    """The best clause for a question about the plans stands out, for one about something else it does not."""
    asked = snapshot.search("中医馆要建多少个").lift
    other = snapshot.search("今晚的足球比赛几点开始").lift
    assert asked is not None
    assert other is not None
    assert asked > 1.0 > other


@pytest.mark.parametrize("query", ["", "   ", "😀", "?!。", "\ud800", "\0", "中" * 10_000])
def test_odd_questions_are_searched_quietly(snapshot: Snapshot, query: str) -> None:
    """An empty, huge or broken question finds something or nothing, and never raises."""
    assert len(snapshot.search(query, limit=3).hits) <= 3
    assert snapshot.lexical_search(query).degraded == ""


def test_without_the_model_words_go_on(tmp_path: Path, sources: tuple[PlanSource, ...], no_model: Encoder) -> None:
    """When the model can't be had the search says so in one line and finds by words."""
    result = ready(tmp_path / "index", sources, no_model).search("古籍")
    assert result.hits[0].clause.title == "保护古籍"
    assert result.degraded.endswith("no such folder")
    assert result.lift is None


def test_another_model_is_not_mixed_with_the_index(snapshot: Snapshot, no_model: Encoder) -> None:
    """An index opened with a model that can't be had, or another one, is searched by words and says so."""
    reopened = Snapshot(snapshot.backend, no_model)
    result = reopened.search("古籍")
    assert result.hits[0].clause.title == "保护古籍"
    assert result.degraded


def test_fusion_weighs_both_lists() -> None:
    """A row that both sides like beats one that only one side likes; equal scores keep the plan's order."""
    fused = fuse({1: 4.0, 2: 3.0}, {2: 0.9, 3: 0.92, 4: 0.8}, dense_weight=0.5)
    assert [row for row, _ in fused] == [2, 1, 3, 4]
    assert fuse({}, {}) == []
