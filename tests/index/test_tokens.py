"""Text to search tokens."""

from __future__ import annotations

import marshal
import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.tokens import Segmenter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    """A segmenter that knows one unit."""
    return Segmenter(["历史文化街区管委会"])


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


def test_no_cache_is_loaded_or_written(tmp_path: Path) -> None:
    """A ``jieba.cache`` in the temporary folder, from whom ever, changes nothing; none is made, and nothing said."""
    (tmp_path / "jieba.cache").write_bytes(marshal.dumps(({"保护古籍": 9, "保": 0, "保护": 0, "保护古": 0}, 9)))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    code = (
        "from bot.reading.spelling import _frequency; from index.tokens import Segmenter\n"
        "print(Segmenter([]).words('保护古籍'), _frequency('保护') > 0)"
    )
    environment = {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("['保护', '古籍'] True\n", "")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_no_code_reads_a_format_that_can_run() -> None:
    """Nothing in the three rooms loads pickle or marshal, or has jieba make its own dictionary."""
    files = [path for room in ("bot", "corpus", "index") for path in (ROOT / room).rglob("*.py")]
    bad = re.compile(
        r"^\s*(?:import|from) (?:pickle|marshal|shelve|dill|joblib)\b|jieba\.(?:initialize|dt|cut)\b", re.MULTILINE
    )
    assert [path.name for path in files if bad.search(path.read_text(encoding="utf-8"))] == []
