"""The bench of growth: its stand-in encoder, its steps on a corpus of a few plans, and what it keeps and prints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.local.folder import Folder
from index.snapshot import Snapshot
from scripts.benchmarks.growth import recall
from scripts.benchmarks.growth.report import insert
from scripts.benchmarks.growth.results import Results
from scripts.benchmarks.growth.stand_in import DIMENSION, StandIn
from scripts.benchmarks.growth.steps import build, change, compare, corpus, serve

SIZE = 300
Built = tuple[Path, dict[str, float]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A folder with a small corpus and its index, and the figures of both steps."""
    folder = tmp_path_factory.mktemp("growth")
    return folder, dict([*corpus(folder, SIZE), *build(folder, SIZE)])


def test_the_stand_in_gives_near_vectors_to_near_texts() -> None:
    """Vectors have length one, follow the text and nothing else, and say that no model made them."""
    encoder = StandIn()
    texts = ["巴南区：新建中医馆3个", "巴南区：新建中医馆5个", "完善路灯亮化", ""]
    vectors = encoder.encode_documents(texts)
    assert vectors.shape == (4, DIMENSION)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.allclose(StandIn().encode_query(texts[0]), vectors[0], atol=1e-5)
    assert vectors[0] @ vectors[1] > 2 * abs(vectors[0] @ vectors[2])
    assert "no model" in encoder.name


def test_the_steps_measure_right_answers(built: Built) -> None:
    """On a small corpus every duty list is whole, recall is full, and a plan comes and goes."""
    folder, figures = built
    for step in (serve, compare, change):
        figures |= dict(step(folder, SIZE))
    assert figures["duty_right"] == 1.0
    assert figures["filtered_search_right"] > 0.9
    assert figures["recall_at_10"] == 1.0
    assert (figures["add_shows"], figures["remove_shows"]) == (1.0, 1.0)
    assert figures["build_s"] > figures["build_without_embedding_s"] > 0


def test_recall_falls_when_the_index_misses_clauses(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that gives only half of the nearest clauses has a recall of a half."""
    encoder, whole = StandIn(), recall.nearest
    snapshot = Snapshot(Folder.current(built[0] / "index"), encoder)
    monkeypatch.setattr(recall, "nearest", lambda *given: whole(*given)[:5])
    assert recall.recall(snapshot, encoder, ["校园食堂怎么办", "回用水"]) == 0.5


def test_figures_outlive_the_run_and_stand_in_the_table(tmp_path: Path) -> None:
    """Each figure is on disk at once, a second run goes on, and the table shows what there is."""
    out, document = tmp_path / "growth.json", tmp_path / "performance.md"
    document.write_text("## Growth\n<!-- growth: begin -->old<!-- growth: end -->\nafter\n", encoding="utf-8")
    first = Results(out)
    first.begin("embedded", 1000)
    first.put("embedded", 1000, "duty_p50_ms", 1.23456)
    second = Results(out)
    second.begin("embedded", 10000)
    second.put("embedded", 10000, "duty_p50_ms", 2.5)
    insert(document, Results(out), ("embedded",))
    text = document.read_text(encoding="utf-8")
    assert "| duty question, p50 ms | 1.24 | 2.50 | < 5 |" in text
    assert "old" not in text
    assert text.endswith("\nafter\n")
