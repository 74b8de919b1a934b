"""What a snapshot says about itself: what it was made from and with, and the hash of each of its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import msgspec

from index.errors import SnapshotError
from index.lift_scale import LiftScale

FORMAT = 4
"""Raise it when the files of a snapshot change their meaning."""
FILE = "manifest.json"
HASHED_BYTES = 16_000_000
"""Larger files are known by their size alone: opening an index of a million clauses must not read all of it."""
LIBRARIES = ("faiss-cpu", "jieba", "tantivy")
"""Those whose versions decide whether the files can be read, or mean the same."""


class Origin(msgspec.Struct, frozen=True):
    """Everything that makes a snapshot stale when it changes."""

    source: str
    """Fingerprint of the code that reads plans and makes the index."""
    model: str
    format: int
    libraries: dict[str, str]


class DenseSide(msgspec.Struct, frozen=True):
    """The model behind the vectors, as it was when they were made."""

    dimension: int
    prompts: dict[str, str]
    scale: LiftScale
    segments: tuple[str, ...]
    """Names of the vectors' files."""
    centred: int
    """Clauses that the centroid is the mean of."""


class FileMark(msgspec.Struct, frozen=True):
    """What a file must be for the snapshot to be whole."""

    size: int
    """Bytes that belong to the snapshot; a later one that shares the file may have added more."""
    sha256: str
    """Of these bytes; empty for a large file."""


class Manifest(msgspec.Struct, frozen=True):
    """The contents of ``manifest.json``."""

    origin: Origin
    sources: dict[str, str]
    """What each plan was read from, in order, and what tells one state of that from another."""
    built_at: float
    """Unix seconds."""
    files: dict[str, FileMark]
    """By path inside the snapshot, all files but this one."""
    dense: DenseSide | None
    """None when the model could not be had: the snapshot is then searched by words alone."""
    failure: str = ""
    """Why there is no dense side, or why it lacks some plans."""
    unembedded: tuple[str, ...] = ()
    """Ids of plans without vectors."""


def origin(source: str, model: str) -> Origin:
    """Return what a snapshot built here and now from ``source`` with ``model`` states as its origin."""
    return Origin(source, model, FORMAT, {name: version(name) for name in LIBRARIES})


def fingerprint(folders: Iterable[Path]) -> str:
    """Return one hash over the names and contents of all files in ``folders``, compiled Python left out."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def mark_files(folder: Path) -> dict[str, FileMark]:
    """Return the mark of every file in ``folder``, by its path there; empty lock files are no part of it."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != FILE]
    return {str(path.relative_to(folder)): _mark(path, path.stat().st_size) for path in paths if path.stat().st_size}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest`` into ``folder``."""
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of ``folder`` after checking every file it names; SnapshotError when one is not whole."""
    try:
        manifest = msgspec.json.decode((folder / FILE).read_bytes(), type=Manifest)
        damaged = [name for name, mark in manifest.files.items() if _mark(folder / name, mark.size) != mark]
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise SnapshotError(f"{folder}: {error}") from error
    if damaged:
        raise SnapshotError(f"{folder}: {', '.join(damaged)}")
    return manifest


def _mark(path: Path, size: int) -> FileMark:
    """Return the mark of the first ``size`` bytes of a file; of fewer, where it has fewer."""
    there = min(size, path.stat().st_size)
    if there > HASHED_BYTES:
        return FileMark(there, "")
    with path.open("rb") as file:
        return FileMark(there, hashlib.sha256(file.read(there)).hexdigest())
