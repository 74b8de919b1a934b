"""A snapshot on disk: whole or absent, fresh or built again."""

from __future__ import annotations

import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.query.plan_repository import PlanRepository
from corpus.library.shipped import PlanSource
from corpus.model import Plan
from index import build
from index.build import ready
from index.encoder import Encoder
from index.errors import SnapshotError, StorageError
from index.local.folder import CURRENT, Folder
from index.manifest import Manifest
from index.progress import Stage
from index.snapshot import Snapshot

Sources = tuple[PlanSource, ...]


def folder_of(snapshot: Snapshot) -> Path:
    """Return where a snapshot lies."""
    assert isinstance(snapshot.backend, Folder)
    return snapshot.backend.path


def manifest_of(snapshot: Snapshot) -> Manifest:
    """Return what a snapshot says of itself."""
    assert isinstance(snapshot.backend, Folder)
    return snapshot.backend.manifest


def unread(sources: Sources) -> Sources:
    """Return the same sources where nothing should be parsed."""

    def read() -> Plan:
        pytest.fail("a plan was parsed again")

    return tuple(replace(source, read=read) for source in sources)


@pytest.fixture
def store(tmp_path: Path, snapshot: Snapshot) -> Path:
    """A store of one's own with a fresh snapshot."""
    return shutil.copytree(folder_of(snapshot).parent, tmp_path / "index")


def test_plans_come_back_equal(store: Path, plans: tuple[Plan, ...], encoder: Encoder) -> None:
    """What was parsed is what is opened."""
    shelf = PlanRepository(Snapshot(Folder.current(store), encoder).catalogue)
    assert tuple(plan.whole for plan in shelf.plans) == plans


def test_nothing_is_built_twice(store: Path, sources: Sources, encoder: Encoder) -> None:
    """A second start opens what is there."""
    first = Folder.current(store).path
    assert folder_of(ready(store, unread(sources), encoder)) == first


def test_another_model_makes_it_stale(store: Path, sources: Sources, no_model: Encoder) -> None:
    """Vectors of one model are never searched with another."""
    assert manifest_of(ready(store, sources, no_model)).dense is None


def test_a_missing_model_is_asked_for_again_later(
    store: Path, sources: Sources, no_model: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index without vectors starts at once for a while, then the model is tried again; so by a clock put back."""
    first = folder_of(ready(store, sources, no_model))
    assert folder_of(ready(store, unread(sources), no_model)) == first
    with monkeypatch.context() as later:
        later.setattr(build, "RETRY_SECONDS", -1.0)
        second = folder_of(ready(store, sources, no_model))
        assert second != first
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 86_400)
    assert folder_of(ready(store, sources, no_model)) != second


def damage_truncated(folder: Path) -> None:
    """Cut the vectors in half."""
    path = next((folder / "vectors").glob("*.faiss"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damage_flipped(folder: Path) -> None:
    """Change one byte of the plans."""
    path = folder / "clauses.bin"
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
    store: Path, sources: Sources, encoder: Encoder, damage: Callable[[Path], None]
) -> None:
    """A damaged snapshot is built again, and the person waiting is told why."""
    damage(Folder.current(store).path)
    stages: list[Stage] = []
    repaired = ready(store, sources, encoder, progress=lambda stage, _done, _total: stages.append(stage))
    assert Stage.REPAIR in stages
    assert repaired.search("古籍").hits[0].clause.title == "保护古籍"


def test_a_changed_bit_or_a_lost_half_is_noticed_in_every_file(store: Path) -> None:
    """Whichever file of a snapshot it is: none is opened that is not whole."""
    folder = Folder.current(store).path
    for name in Folder.current(store).manifest.files:
        path = folder / name
        whole = path.read_bytes()
        for damaged in (whole[: len(whole) // 2], flipped(whole, len(whole) // 3, 4)):
            path.write_bytes(damaged)
            with pytest.raises(SnapshotError, match=path.name):
                Folder.current(store)
        path.write_bytes(whole)
    Folder.current(store)


def test_a_changed_bit_in_the_manifest_is_noticed_or_changes_nothing_that_is_read(store: Path) -> None:
    """Some bytes then are no text any more; others name another file, another time or another origin."""
    path = Folder.current(store).path / "manifest.json"
    whole, dice = path.read_bytes(), random.Random(7)
    ends: set[type[Folder | SnapshotError]] = set()
    for _ in range(300):
        path.write_bytes(flipped(whole, dice.randrange(len(whole)), dice.randrange(8)))
        try:
            ends.add(type(Folder.current(store)))
        except SnapshotError:
            ends.add(SnapshotError)
    assert ends == {Folder, SnapshotError}


def flipped(data: bytes, at: int, bit: int) -> bytes:
    """Return data with one bit changed."""
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def test_a_killed_build_is_carried_on(tmp_path: Path, sources: Sources, no_model: Encoder) -> None:
    """A build that dies half-way leaves no snapshot and no litter behind the next one."""
    code = f"""
import os, signal
from pathlib import Path
from corpus.library.shipped import plan_sources
from index.build import ready
from index.encoder import Encoder
from index.manifest import Manifest
from index.progress import Stage
def die(stage, done, total):
    if stage is Stage.LEXICAL and done:
        os.kill(os.getpid(), signal.SIGKILL)
folder = Path({str(tmp_path)!r})
ready(folder, plan_sources(folder), Encoder("./none", folder), progress=die)
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / CURRENT).exists()
    assert list(tmp_path.glob(".half-*"))
    assert ready(tmp_path, sources, no_model).lexical_search("古籍").hits
    assert not list(tmp_path.glob(".half-*"))


def test_two_builders_build_once(tmp_path: Path, sources: Sources, encoder: Encoder) -> None:
    """Two starts at once end with one snapshot that both have open."""
    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(lambda _: ready(tmp_path, sources, encoder), range(2)))
    assert folder_of(opened[0]) == folder_of(opened[1])
    assert len(list(tmp_path.glob("snapshot-*"))) == 1


def test_old_snapshots_go_and_the_last_stays(tmp_path: Path, sources: Sources, no_model: Encoder) -> None:
    """After several builds the current snapshot and the one before it are left."""
    folders = []
    for number in range(4):
        changed = (replace(sources[0], mark=str(number)), *sources[1:])
        folders.append(folder_of(ready(tmp_path / "index", changed, no_model)))
    assert sorted((tmp_path / "index").glob("snapshot-*")) == folders[-2:]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, sources: Sources, no_model: Encoder) -> None:
    """Where no folder can be made, one error says where."""
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(StorageError, match=r"^[^\n]*file/index[^\n]*$"):
        ready(blocked / "index", sources, no_model)


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
    store: Path, sources: Sources, encoder: Encoder, size: int
) -> None:
    """Whichever file no longer fits, the error is one line, and what was there before still opens."""
    before = Folder.current(store).path
    with full_disk(size), pytest.raises(StorageError, match=r"^[^\n]*$"):
        ready(store, sources, encoder, anew=True)
    assert Folder.current(store).path == before
    assert not list(store.glob(".half-*"))
