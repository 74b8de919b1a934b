"""Plans come and go in the shared index: whose change it is, and what readers see meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from corpus.library.shipped import PlanSource
from corpus.model import ClauseKind
from index.errors import SnapshotError, StorageError
from index.filters import Filters
from index.postgres import change, ready, vector_writer, vectors
from index.postgres.tables import LOCK
from index.progress import Stage
from index.snapshot import Snapshot
from scripts.benchmarks.growth.stand_in import StandIn
from tests.index.conftest import make_plan, sources_of
from tests.index.postgres.conftest import Open

KINDS = "甲区", "乙区", "丙区"


def source(district: str, mark: str = "1") -> PlanSource:
    """Return a plan of a district in some version."""
    return replace(sources_of(make_plan(district))[0], mark=mark, added=mark)


def found(snapshot: Snapshot, query: str = "古籍") -> set[str]:
    """Return the districts that a search finds."""
    return {hit.clause.district for hit in snapshot.search(query).hits}


def test_a_plan_added_by_one_replica_is_there_for_all(open_index: Open) -> None:
    """A replica without plan files answers from the others', and takes none of them away."""
    open_index("first", source("甲区"))
    assert found(open_index("second", source("乙区"))) == {"甲区", "乙区"}
    assert found(open_index("third")) == {"甲区", "乙区"}
    assert found(open_index("first", source("甲区"))) == {"甲区", "乙区"}


def test_readers_go_on_with_what_they_have_open(open_index: Open) -> None:
    """A state that is open stays whole while plans come and go; the next opening sees the new one."""
    before = open_index("first", source("甲区"), source("乙区"))
    after = open_index("first", source("乙区", "2"), source("丙区"))
    assert found(before) == {"甲区", "乙区"}
    assert found(after) == {"乙区", "丙区"}
    assert {plan[:1] for plan in before.catalogue.plan_ids()} == {"甲", "乙"}
    assert len(before.catalogue.clauses("甲区")) == 5
    assert before.catalogue.tallies("区教委")[0].clauses == after.catalogue.tallies("区教委")[0].clauses == 2
    assert before.catalogue.counts == after.catalogue.counts == (2, 10)
    assert not before.catalogue.find(["丙 1"])
    assert not after.catalogue.find(["甲 1"])


def test_a_changed_index_is_as_one_built_at_once(open_index: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores, weights and the vectors' mean are those of an index that never held another plan."""
    monkeypatch.setattr(change, "KEPT_SECONDS", -1.0)
    open_index("first", source("甲区"), source("丙区"))
    open_index("first", source("甲区"), source("乙区"))
    changed = open_index("first", source("甲区"), source("乙区"), source("丁区"))
    again = open_index("first", source("甲区"), source("乙区"), source("丁区"), anew=True)
    for query in ("古籍修复", "区教委", "中医"):
        one, other = changed.search(query), again.search(query)
        assert [(hit.clause, hit.lexical) for hit in one.hits] == [(hit.clause, hit.lexical) for hit in other.hits]
        assert one.lift == pytest.approx(other.lift, abs=1e-4)
        assert changed.words(query) == again.words(query)


def test_an_old_copy_undoes_nothing(open_index: Open) -> None:
    """A new replica brings what nobody has yet; what was replaced or removed by others stays so."""
    open_index("first", source("甲区"), source("乙区"))
    open_index("first", source("甲区", "2"))
    late = open_index("late", source("甲区"), source("乙区"), source("丙区"))
    assert found(late) == {"甲区", "丙区"}
    assert late.backend.sources["甲区"] == "2"
    assert open_index("late", source("甲区", "3")).backend.sources == {"甲区": "3"}


def test_building_anew_keeps_the_plans_of_others(open_index: Open) -> None:
    """What this machine has is read again, in its own version; what only others have stays as it was."""
    open_index("first", source("甲区"), source("乙区", "2"))
    open_index("second", source("乙区"), source("丙区"))
    built = open_index("second", source("乙区"), source("丙区"), anew=True)
    assert built.backend.sources == {"甲区": "1", "乙区": "1", "丙区": "1"}
    assert found(built) == {"甲区", "乙区", "丙区"}


def test_two_builders_take_turns(open_index: Open) -> None:
    """Two starts at once on an empty database end with one index that holds the plans of both."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: open_index(one, source(one)), KINDS[:2]))
    assert found(open_index("third")) == set(KINDS[:2])


def test_waiting_for_another_builder_is_told(url: str, tmp_path: Path, stand_in: StandIn) -> None:
    """Who finds another at work on the index says so once, waits, and then does its own part."""
    told: list[Stage] = []
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))

        def tell(stage: Stage, done: int, total: int) -> None:
            told.append(stage)
            other.rollback()

        built = ready.ready(url, tmp_path, [source("甲区")], stand_in, progress=tell)
    assert told[0] is Stage.WAIT
    assert told.count(Stage.WAIT) == 1
    assert found(built) == {"甲区"}


def test_another_model_is_not_mixed_with_the_index(
    open_index: Open, url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A replica with another model answers by words and says so, and can't add vectors of its own."""

    class Other(StandIn):
        @property
        def identity(self) -> str:
            return "another"

    open_index("first", source("甲区"))
    folder = tmp_path_factory.mktemp("other")
    result = ready.ready(url, folder, (), Other()).search("古籍")
    assert result.hits[0].clause.title == "保护古籍"
    assert "not the model" in result.degraded
    with pytest.raises(StorageError, match="not the model"):
        ready.ready(url, folder, (source("乙区"),), Other())
    assert found(open_index("third")) == {"甲区"}


def test_a_database_that_is_away_is_one_line_without_the_password(tmp_path: Path) -> None:
    """Opening and answering both say in a line that it can't be reached."""
    nowhere = "postgresql://who:secret-word@127.0.0.1:1/wence"
    with pytest.raises(StorageError, match=r"^[^\n]+$") as caught:
        ready.ready(nowhere, tmp_path, (), StandIn())
    assert "secret-word" not in str(caught.value)


def test_a_connection_that_was_cut_is_opened_again(open_index: Open, url: str) -> None:
    """After the server has dropped every connection the next question is answered; a lost index is told."""
    snapshot = open_index("first", source("甲区"))
    assert found(snapshot)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert found(snapshot, "药材") == {"甲区"}
        connection.execute(f"DROP SCHEMA {snapshot.backend.state.schema} CASCADE")  # type: ignore[attr-defined]
    with pytest.raises(SnapshotError, match=r"^[^\n]+$"):
        snapshot.search("中医馆")


def test_the_graph_finds_what_comparing_finds(open_index: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an HNSW index, grown plan by plan, the nearest clauses are those of exact search, filtered and not."""
    plans = [source(f"{name}区") for name in "甲乙丙丁戊己庚辛壬癸"]
    exact = open_index("first", *plans)
    monkeypatch.setattr(vector_writer, "GRAPH_FROM", 20)
    open_index("first", *plans[:8], anew=True)
    monkeypatch.setattr(vectors, "FEW", 10)
    graph = open_index("first", *plans)
    assert graph.backend.state.note.graph  # type: ignore[attr-defined]
    queries = ("古籍修复", "培养中医人才", "药材种植")
    for query in queries:
        assert found(graph, query) == found(exact, query)
    for filters in (Filters(), Filters(districts=("甲区", "丙区", "壬区")), Filters(kinds=(ClauseKind.TASK,))):
        near, expected = (
            {(query, row) for query in queries for row in nearest(one, query, filters)} for one in (graph, exact)
        )
        assert len(near & expected) >= 0.95 * len(expected)


def nearest(snapshot: Snapshot, query: str, filters: Filters) -> set[str]:
    """Return the ids of the ten nearest clauses."""
    rows = snapshot.backend.nearest(StandIn().encode_query(query), filters, 10)
    return {clause.id for clause in snapshot.catalogue.rows(list(rows)).values()}
