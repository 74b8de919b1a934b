"""Text to search tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.tokens import Segmenter


@pytest.fixture(scope="module")
def segmenter(tmp_path_factory: pytest.TempPathFactory) -> Segmenter:
    """A segmenter that knows one unit."""
    return Segmenter(["历史文化街区管委会"], tmp_path_factory.mktemp("cache"))


def test_words_and_bigrams(segmenter: Segmenter) -> None:
    """A text is found by its words, and by any two neighbouring characters."""
    tokens = segmenter.tokens("中医馆建设")
    assert {"中医", "建设", "医馆", "馆建"} <= set(tokens)


def test_the_corpus_has_its_own_words(segmenter: Segmenter) -> None:
    """A unit's name is one word, however jieba would cut it."""
    assert "历史文化街区管委会" in segmenter.words("历史文化街区管委会管哪些事")


def test_widths_and_cases_are_one(segmenter: Segmenter) -> None:
    """Full-width and upper-case forms are the same tokens."""
    assert segmenter.tokens("２０２７年ＣＴ检查") == segmenter.tokens("2027年ct检查")


def test_a_clause_number_stays_whole(segmenter: Segmenter) -> None:
    """The number of an annex row is one token."""
    assert "4.2.2" in segmenter.tokens("任务4.2.2")


def test_words_of_asking_are_left_out(segmenter: Segmenter) -> None:
    """Words that any question holds tell nothing about its subject."""
    assert segmenter.words("谁负责古籍保护") == ["古籍", "保护"]


def test_nothing_is_logged_and_the_cache_stays_inside(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The first use is silent and writes only into its own folder; an unwritable one does no harm."""
    assert Segmenter([], tmp_path).tokens("中医")
    assert (tmp_path / "jieba.cache").exists()
    blocked = tmp_path / "file"
    blocked.touch()
    assert Segmenter([], blocked / "cache").tokens("中医")
    assert capfd.readouterr() == ("", "")
