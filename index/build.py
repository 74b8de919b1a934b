"""Keep the index of all plans up to date: each change is made in a copy and becomes current in one step.

The copy shares with the index before it every file that is never changed, so adding a plan costs that plan and no more.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from corpus.library.shipped import PlanSource
from corpus.private import write_whole
from index.disk import fill, writing
from index.encoder import Encoder
from index.errors import SnapshotError
from index.local.folder import CURRENT, Folder
from index.manifest import Origin, fingerprint, origin
from index.progress import Progress, Stage, silent
from index.snapshot import Snapshot

if TYPE_CHECKING:
    from index.known_vectors import KnownVectors
    from index.local.change import FolderChange

KEPT = 2
"""Folders kept: the current one, and the one before for processes that still have it open."""
RETRY_SECONDS = 3600.0
"""An index without vectors is good for this long; then the model is asked for again."""


def ready(
    store: Path, sources: Sequence[PlanSource], encoder: Encoder, *, progress: Progress = silent, anew: bool = False
) -> Snapshot:
    """Open the current snapshot of ``store``, made to hold the plans of ``sources`` where it does not.

    Only plans that came or changed are read. All of them are where the code, the model or a library changed, where the
    index is damaged, and where ``anew`` asks for it; if only the code changed, vectors of the same texts are kept.
    StorageError when ``store`` can't be written.
    """
    wanted = wanted_origin(encoder)
    folder = None if anew else _open_fresh(store, wanted, sources, progress)
    if folder is None:
        # What writes an index is much to import, and most starts find one that is fresh.
        from index.local.change import FolderChange

        with writing(store, progress):
            # Another process may have built it while this one waited for the lock.
            folder = None if anew else _open_fresh(store, wanted, sources, silent)
            if folder is None:
                before = None if anew else _usable(store, wanted)
                known = None if anew or before else _known(store, wanted)
                _make(store, before, known, FolderChange(sources, wanted, encoder, progress))
                folder = Folder.current(store)
    return Snapshot(folder, encoder)


def wanted_origin(encoder: Encoder) -> Origin:
    """Return the origin that an index made here and now would state."""
    packages = [Path(str(resources.files(name))) for name in ("corpus", "index")]
    return origin(fingerprint(packages), encoder.identity)


def _open_fresh(store: Path, wanted: Origin, sources: Iterable[PlanSource], progress: Progress) -> Folder | None:
    """Return the current index if it is whole and holds what is wanted."""
    try:
        folder = Folder.current(store)
    except SnapshotError:
        if (store / CURRENT).exists():
            progress(Stage.REPAIR, 0, 1)
        return None
    manifest = folder.manifest
    if manifest.origin != wanted or manifest.sources != marks(sources):
        return None
    # One built in the future was built by a clock that was put back since.
    gave_up = manifest.failure and not 0 <= time.time() - manifest.built_at <= RETRY_SECONDS
    return None if gave_up else folder


def _usable(store: Path, wanted: Origin) -> Folder | None:
    """Return the current index if it can be changed into the wanted one; None where all must be made anew."""
    try:
        folder = Folder.current(store)
    except SnapshotError:
        return None
    return folder if folder.manifest.origin == wanted and folder.manifest.dense is not None else None


def marks(sources: Iterable[PlanSource]) -> dict[str, str]:
    """Return what tells one state of the plans from another, by source."""
    return {source.key: f"{source.mark} {source.bare}" for source in sources}


def _known(store: Path, wanted: Origin) -> KnownVectors | None:
    """Return the vectors of the current index where only the code around them has changed since."""
    from index.known_vectors import KnownVectors

    try:
        folder = Folder.current(store)
        dense, same = folder.dense, replace(folder.manifest.origin, source=wanted.source) == wanted
        return KnownVectors(folder.vectors.segments, dense, folder.probes) if dense and same else None
    except SnapshotError:
        return None


def _make(store: Path, before: Folder | None, known: KnownVectors | None, change: FolderChange) -> None:
    """Fill a new folder, point ``current`` to it, and clear old ones away. The caller holds the lock."""
    from index.local.change import share_files

    name = f"snapshot-{time.time_ns()}"

    def write(folder: Path) -> None:
        if before is not None:
            share_files(before.path, folder)
        change.write(folder, before.manifest if before else None, marks(change.sources), known)

    fill(store / name, write)
    write_whole(store / CURRENT, name.encode())
    for old in sorted(store.glob("snapshot-*"))[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
