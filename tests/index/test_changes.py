"""Plans that come, change and go: only they are read again, and nothing of the old ones is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.library.shipped import PlanSource
from corpus.model import Plan
from index import build
from index.build import ready
from index.encoder import Encoder
from index.errors import ModelUnavailableError
from index.filters import Filters
from index.local import dense_change, vectors
from index.models.base import Vectors
from index.snapshot import Snapshot
from tests.index.conftest import make_plan, sources_of


class Reader:
    """Counts which plans are read."""

    def __init__(self, *plans: Plan) -> None:
        self.read: list[str] = []
        self.sources = tuple(self._source(plan) for plan in plans)

    def _source(self, plan: Plan) -> PlanSource:
        def read() -> Plan:
            self.read.append(plan.meta.id)
            return plan

        return replace(sources_of(plan)[0], read=read)


def found(snapshot: Snapshot, query: str, *districts: str) -> list[tuple[str, str]]:
    """Return district and title of what is found, best first."""
    hits = snapshot.search(query, Filters(districts=districts), limit=20).hits
    return [(hit.clause.district, hit.clause.title) for hit in hits]


def with_text(plan: Plan, title: str, text: str) -> Plan:
    """Return a new state of a plan, one of its clauses saying something else."""
    clauses = tuple(replace(one, text=text, body=text) if one.title == title else one for one in plan.clauses)
    return replace(plan, clauses=clauses, sha256=f"{plan.sha256}, changed")


def test_only_what_came_is_read(tmp_path: Path, encoder: Encoder) -> None:
    """Adding a plan reads that plan, and finds it beside the others."""
    first, second, third = map(make_plan, ("甲区", "乙区", "丙区"))
    ready(tmp_path, sources_of(first, second), encoder)
    reader = Reader(first, second, third)
    snapshot = ready(tmp_path, reader.sources, encoder)
    assert reader.read == ["丙区"]
    assert snapshot.catalogue.districts == ("甲区", "乙区", "丙区")
    assert {district for district, title in found(snapshot, "隔离病区怎么建") if title == "设置隔离病区"} == {
        "甲区", "乙区", "丙区"
    }  # fmt: skip


def test_what_changed_is_found_by_its_new_text_only(tmp_path: Path, encoder: Encoder) -> None:
    """A replaced plan answers by words and by meaning with what it says now."""
    first, second = make_plan("甲区"), make_plan("乙区")
    ready(tmp_path, sources_of(first, second), encoder)
    changed = with_text(second, "种植药材", "支持枇杷和蓝莓的种植。")
    reader = Reader(first, changed)
    snapshot = ready(tmp_path, reader.sources, encoder)
    assert reader.read == ["乙区"]
    assert snapshot.search("藏红花").hits[0].clause.district == "甲区"
    assert not snapshot.holds("藏红花", ("乙区",))
    assert snapshot.holds("蓝莓", ("乙区",))
    assert snapshot.search("蓝莓种植", Filters(districts=("乙区",))).hits[0].clause.body == "支持枇杷和蓝莓的种植。"
    assert len(snapshot.catalogue.clauses("乙区")) == len(second.clauses)


def test_what_is_gone_is_not_found(tmp_path: Path, encoder: Encoder) -> None:
    """A removed plan is in no list and no search, and what only it knew is unknown."""
    first, second = make_plan("甲区"), with_text(make_plan("乙区"), "种植药材", "支持枇杷和蓝莓的种植。")
    ready(tmp_path, sources_of(first, second), encoder)
    snapshot = ready(tmp_path, sources_of(first), encoder)
    assert snapshot.catalogue.districts == ("甲区",)
    assert {district for district, _ in found(snapshot, "种植蓝莓")} == {"甲区"}
    assert not snapshot.holds("蓝莓")
    assert snapshot.catalogue.known_pairs({"蓝莓", "种植"}) == {"种植"}


def test_changes_end_where_a_build_from_nothing_does(tmp_path: Path, encoder: Encoder) -> None:
    """After plans came, changed and went, searches score as if the index had been made at once."""
    plans = [make_plan(name) for name in ("甲区", "乙区", "丙区", "丁区")]
    ready(tmp_path / "step by step", sources_of(*plans[:2]), encoder)
    ready(tmp_path / "step by step", sources_of(*plans), encoder)
    grown = ready(tmp_path / "step by step", sources_of(*plans[1:]), encoder)
    fresh = ready(tmp_path / "at once", sources_of(*plans[1:]), encoder)
    for query in ("隔离病区怎么建", "古籍", "中医馆"):
        one, other = grown.search(query, limit=6), fresh.search(query, limit=6)
        assert {hit.clause.id for hit in one.hits} == {hit.clause.id for hit in other.hits}
        assert one.lift == pytest.approx(other.lift, abs=0.02)


def test_many_small_segments_become_one(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans added one at a time don't leave ever more files to look into, and all stay found."""
    monkeypatch.setattr(dense_change, "MOST_SMALL", 2)
    plans = [make_plan(name) for name in ("甲区", "乙区", "丙区", "丁区")]
    for count in range(1, 5):
        snapshot = ready(tmp_path, sources_of(*plans[:count]), encoder)
    assert snapshot.backend.dense is not None
    assert len(snapshot.backend.dense.segments) <= 2
    assert {district for district, title in found(snapshot, "古籍") if title == "保护古籍"} == {
        "甲区", "乙区", "丙区", "丁区"
    }  # fmt: skip


def test_a_large_segment_finds_what_an_exact_search_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the size of an exact search nearly all of the ten nearest clauses are found, and all under a filter."""
    monkeypatch.setattr(vectors, "EXACT_MOST", 5_000)
    random = np.random.default_rng(7)
    centres = random.standard_normal((200, 64))
    points = centres[random.integers(0, 200, 20_000)] + 0.7 * random.standard_normal((20_000, 64))
    points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    rows = np.arange(20_000)
    writer = vectors.SegmentWriter(tmp_path / "000001")
    for start in range(0, 20_000, 3_000):
        part = slice(start, start + 3_000)
        writer.add(points[part], rows[part], (rows[part] % 3).astype(np.uint8), rows[part].astype(np.uint64))
    writer.close()
    index = vectors.VectorIndex(tmp_path, ["000001"])
    assert isinstance(index.segments[0], vectors.ListSegment)
    shared, everything = 0, vectors.Selection()
    for query in points[::1000]:
        exact = np.argsort(-(points @ query))[:10]
        shared += len(set(exact.tolist()) & set(index.search(query, everything, 10)))
        nearest = 500 + np.argsort(-(points[500:900] @ query))[:10]
        assert set(index.search(query, vectors.Selection(np.arange(500, 900)), 10)) == set(nearest.tolist())
        wanted = np.array([1, 0, 0], dtype=np.uint8)
        assert all(row % 3 == 0 for row in index.search(query, vectors.Selection(wanted=wanted), 10))
    assert shared >= 0.95 * 200


def test_a_model_that_is_away_for_a_while_loses_no_vectors(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan added meanwhile is found by words at once and by meaning later; the other plans keep theirs."""
    first, second = make_plan("甲区"), make_plan("乙区")
    before = ready(tmp_path, sources_of(first), encoder)
    with monkeypatch.context() as away:
        away.setattr(Encoder, "encode_documents", _unavailable)
        meanwhile = ready(tmp_path, sources_of(first, second), encoder)
    assert meanwhile.search("古籍", Filters(districts=("乙区",))).hits[0].dense == 0
    assert meanwhile.search("古籍", Filters(districts=("甲区",))).hits[0].dense > 0
    np.testing.assert_allclose(meanwhile.backend.centroid, before.backend.centroid, atol=1e-6)
    monkeypatch.setattr(build, "RETRY_SECONDS", -1.0)
    later = ready(tmp_path, sources_of(first, second), encoder)
    assert later.search("古籍", Filters(districts=("乙区",))).hits[0].dense > 0


def _unavailable(*_: object) -> None:
    raise ModelUnavailableError("away")


def test_new_code_makes_no_vector_again(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade all plans are read anew, but only texts that the upgrade reads otherwise are embedded."""
    first, second = make_plan("甲区"), make_plan("乙区")
    before = ready(tmp_path, sources_of(first, second), encoder)
    embedded: list[str] = []
    encode = Encoder.encode_documents

    def count(self: Encoder, texts: Sequence[str]) -> Vectors:
        embedded.extend(texts)
        return encode(self, texts)

    monkeypatch.setattr(Encoder, "encode_documents", count)
    monkeypatch.setattr(build, "fingerprint", lambda _: "new code")
    title = first.clauses[0].title
    reader = Reader(with_text(first, title, "本区要把一件从来没有写过的事情做好。"), second)
    after = ready(tmp_path, reader.sources, encoder)
    assert reader.read == ["甲区", "乙区"]
    assert embedded
    assert all("从来没有写过" in text for text in embedded)
    for query in ("隔离病区怎么建", "古籍"):
        assert after.search(query, Filters(districts=("乙区",))).hits[0].dense == pytest.approx(
            before.search(query, Filters(districts=("乙区",))).hits[0].dense, abs=1e-6
        )
    embedded.clear()
    ready(tmp_path, reader.sources, encoder, anew=True)
    assert len(embedded) > 10  # asked for anew, everything is made again


def test_new_code_without_the_model_is_searched_by_words(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade while the model is away opens, says what is missing, and has every vector when the model is back."""
    first, second = make_plan("甲区"), make_plan("乙区")
    before = ready(tmp_path, sources_of(first, second), encoder)
    monkeypatch.setattr(build, "fingerprint", lambda _: "new code")
    changed = sources_of(with_text(first, first.clauses[0].title, "本区要把一件从来没有写过的事情做好。"), second)
    with monkeypatch.context() as away:
        away.setattr(Encoder, "encode_documents", _unavailable)
        away.setattr(Encoder, "encode_query", _unavailable)
        meanwhile = ready(tmp_path, changed, encoder)
        result = meanwhile.search("古籍")
        assert result.hits
        assert result.degraded
    theirs = Filters(districts=("乙区",))
    assert meanwhile.search("古籍", theirs).hits[0].dense == before.search("古籍", theirs).hits[0].dense > 0
    monkeypatch.setattr(build, "RETRY_SECONDS", -1.0)
    later = ready(tmp_path, changed, encoder)
    assert later.search("古籍", Filters(districts=("甲区",))).hits[0].dense > 0


def test_new_code_that_knows_no_text_opens_without_the_model(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade that reads every plan otherwise, while the model is away, is searched by words."""
    first = make_plan("甲区")
    ready(tmp_path, sources_of(first), encoder)
    monkeypatch.setattr(build, "fingerprint", lambda _: "new code")
    monkeypatch.setattr(Encoder, "encode_documents", _unavailable)
    monkeypatch.setattr(Encoder, "encode_query", _unavailable)
    result = ready(tmp_path, sources_of(with_text(first, "保护古籍", "本区要修一座书库。")), encoder).search("书库")
    assert result.hits
    assert result.degraded
