"""What a snapshot says about itself: what it was made from and with, and the hash of each of its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import msgspec

from index.confidence import LiftScale
from index.errors import SnapshotError

FORMAT = 1
"""Raise it when the files of a snapshot change their meaning."""
FILE = "manifest.json"
LIBRARIES = ("faiss-cpu", "jieba", "tantivy")
"""Those whose versions decide whether the files can be read, or mean the same."""


class Origin(msgspec.Struct, frozen=True):
    """Everything that makes a snapshot stale when it changes."""

    source: str
    """Fingerprint of the plans and of the code that reads them."""
    model: str
    format: int
    libraries: dict[str, str]


class DenseSide(msgspec.Struct, frozen=True):
    """The model behind the vectors, as it was when they were made."""

    dimension: int
    prompts: dict[str, str]
    scale: LiftScale


class Manifest(msgspec.Struct, frozen=True):
    """The contents of ``manifest.json``."""

    origin: Origin
    plans: dict[str, str]
    """Plan id to the hash of its text."""
    built_at: float
    """Unix seconds."""
    files: dict[str, str]
    """Path inside the snapshot to SHA-256, all files but this one."""
    dense: DenseSide | None
    """None when the model could not be had: the snapshot is then searched by words alone."""
    failure: str = ""
    """Why there is no dense side."""


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


def hash_files(folder: Path) -> dict[str, str]:
    """Return the hash of every file in ``folder``, by its path there."""
    return {
        str(path.relative_to(folder)): _hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != FILE
    }


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest`` into ``folder``."""
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of ``folder`` after checking every file it names; SnapshotError when one is not whole."""
    try:
        manifest = msgspec.json.decode((folder / FILE).read_bytes(), type=Manifest)
        damaged = [name for name, digest in manifest.files.items() if _hash(folder / name) != digest]
    except (OSError, msgspec.DecodeError) as error:
        raise SnapshotError(f"{folder}: {error}") from error
    if damaged:
        raise SnapshotError(f"{folder}: {', '.join(damaged)}")
    return manifest


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
