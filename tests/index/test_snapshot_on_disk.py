"""A snapshot on disk: whole or absent, fresh or built again."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.model import Plan
from index import build
from index.build import ready
from index.encoder import Encoder
from index.errors import StorageError
from index.progress import Stage
from index.snapshot import CURRENT, Snapshot

LoadPlans = Callable[[], tuple[Plan, ...]]


def unexpected() -> tuple[Plan, ...]:
    """Stand in for the parser where nothing should be parsed."""
    pytest.fail("the plans were parsed again")


@pytest.fixture
def store(tmp_path: Path, snapshot: Snapshot) -> Path:
    """A store of one's own with a fresh snapshot."""
    return shutil.copytree(snapshot.folder.parent, tmp_path / "index")


def test_plans_come_back_equal(store: Path, plans: tuple[Plan, ...], encoder: Encoder) -> None:
    """What was parsed is what is opened."""
    assert Snapshot.open(store, encoder).plans == plans


def test_nothing_is_built_twice(store: Path, encoder: Encoder) -> None:
    """A second start opens what is there."""
    assert ready(store, unexpected, encoder).plans


def test_a_change_in_added_plans_makes_it_stale(
    store: Path, tmp_path: Path, load_plans: LoadPlans, encoder: Encoder
) -> None:
    """A plan that is added to a folder is seen at the next start."""
    added = tmp_path / "plans"
    added.mkdir()
    first = ready(store, load_plans, encoder, added=[added]).folder
    assert ready(store, unexpected, encoder, added=[added]).folder == first
    (added / "plan.txt").write_text("新的方案", encoding="utf-8")
    assert ready(store, load_plans, encoder, added=[added]).folder != first


def test_another_model_makes_it_stale(store: Path, load_plans: LoadPlans, no_model: Encoder) -> None:
    """Vectors of one model are never searched with another."""
    assert ready(store, load_plans, no_model).manifest.dense is None


def test_a_missing_model_is_asked_for_again_later(
    store: Path, load_plans: LoadPlans, no_model: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index without vectors starts at once for a while, then the model is tried again."""
    first = ready(store, load_plans, no_model).folder
    assert ready(store, unexpected, no_model).folder == first
    monkeypatch.setattr(build, "RETRY_SECONDS", -1.0)
    assert ready(store, load_plans, no_model).folder != first


def damage_truncated(folder: Path) -> None:
    """Cut the vectors in half."""
    path = folder / "vectors.faiss"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damage_flipped(folder: Path) -> None:
    """Change one byte of the plans."""
    path = folder / "plans.json"
    path.write_bytes(path.read_bytes().replace(b"2027", b"2028", 1))


def damage_missing(folder: Path) -> None:
    """Lose a file of the lexical index."""
    next(iter((folder / "lexical").glob("*.term"))).unlink()


def damage_manifest(folder: Path) -> None:
    """Leave an empty manifest."""
    (folder / "manifest.json").write_bytes(b"")


def damage_current(folder: Path) -> None:
    """Point to a snapshot that is not there."""
    (folder.parent / CURRENT).write_text("snapshot-0", encoding="utf-8")


@pytest.mark.parametrize("damage", [damage_truncated, damage_flipped, damage_missing, damage_manifest, damage_current])
def test_damage_is_noticed_told_and_repaired(
    store: Path, load_plans: LoadPlans, encoder: Encoder, damage: Callable[[Path], None]
) -> None:
    """A damaged snapshot is built again, and the person waiting is told why."""
    damage(Snapshot.open(store, encoder).folder)
    stages: list[Stage] = []
    repaired = ready(store, load_plans, encoder, progress=lambda stage, _done, _total: stages.append(stage))
    assert Stage.REPAIR in stages
    assert repaired.search("古籍").hits[0].clause.title == "保护古籍"


def test_a_killed_build_is_carried_on(tmp_path: Path, load_plans: LoadPlans, no_model: Encoder) -> None:
    """A build that dies half-way leaves no snapshot and no litter behind the next one."""
    code = f"""
import os, signal
from pathlib import Path
from corpus.library import load_shipped_plans
from index.build import ready
from index.encoder import Encoder
from index.progress import Stage
def die(stage, done, total):
    if stage is Stage.LEXICAL and done:
        os.kill(os.getpid(), signal.SIGKILL)
ready(Path({str(tmp_path)!r}), load_shipped_plans, Encoder("./none", Path({str(tmp_path)!r})), progress=die)
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / CURRENT).exists()
    assert list(tmp_path.glob(".half-*"))
    assert ready(tmp_path, load_plans, no_model).lexical_search("古籍").hits
    assert not list(tmp_path.glob(".half-*"))


def test_two_builders_build_once(tmp_path: Path, load_plans: LoadPlans, encoder: Encoder) -> None:
    """Two starts at once end with one snapshot that both have open."""
    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(lambda _: ready(tmp_path, load_plans, encoder), range(2)))
    assert opened[0].folder == opened[1].folder
    assert len(list(tmp_path.glob("snapshot-*"))) == 1


def test_old_snapshots_go_and_the_last_stays(tmp_path: Path, load_plans: LoadPlans, no_model: Encoder) -> None:
    """After several builds the current snapshot and the one before it are left."""
    added = tmp_path / "plans"
    added.mkdir()
    folders = []
    for number in range(4):
        (added / "plan.txt").write_text(str(number), encoding="utf-8")
        folders.append(ready(tmp_path / "index", load_plans, no_model, added=[added]).folder)
    assert sorted((tmp_path / "index").glob("snapshot-*")) == folders[-2:]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, load_plans: LoadPlans, no_model: Encoder) -> None:
    """Where no folder can be made, one error says where."""
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(StorageError, match=r"^[^\n]*file/index[^\n]*$"):
        ready(blocked / "index", load_plans, no_model)


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes, as on a full disk.

    Not as a fixture: pytest writes its report before fixtures end, and the report may go to a file too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [100, 9_000])
def test_a_full_disk_is_one_error_and_leaves_the_old_snapshot(
    store: Path, tmp_path: Path, load_plans: LoadPlans, encoder: Encoder, size: int
) -> None:
    """Whichever file no longer fits, the error is one line, and what was there before still opens."""
    before = Snapshot.open(store, encoder).folder
    added = tmp_path / "plans"
    added.mkdir()
    (added / "plan.txt").write_text("新的方案", encoding="utf-8")
    with full_disk(size), pytest.raises(StorageError, match=r"^[^\n]*$"):
        ready(store, load_plans, encoder, added=[added])
    assert Snapshot.open(store, encoder).folder == before
    assert not list(store.glob(".half-*"))
