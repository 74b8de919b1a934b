"""Opens the database: connections, transactions, and migrations to the newest tables.

SQLite runs with a write-ahead log and full syncs, so that what is committed survives ``kill -9`` and a power cut,
and takes its write lock when a transaction begins, so that two of them wait for each other instead of failing.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.messages import say
from bot.settings import SettingError
from bot.store.damage import damage_of, tells_damage
from bot.store.sql import epoch, insert
from bot.store.tables import marks
from corpus.private import close_file, make_folder

# Any number that nothing else in the database locks by.
_MIGRATION_LOCK = 7_346_205
_WRITTEN = "written"
"""The mark of the last write that was only tried."""
_DRIVERS = ("sqlite+aiosqlite", "postgresql+psycopg")
_CONNECT_SECONDS, _UNHEARD_SECONDS = 10, 30
"""How long PostgreSQL may take to let us in, and for how long its machine may not confirm what was sent to it."""


class Store:
    """One database; ``open`` it before use and ``close`` it after."""

    def __init__(self, url: str) -> None:
        """Take a SQLAlchemy URL with an async driver; SettingError names a wrong one."""
        try:
            self._url = make_url(url)
        except ArgumentError:
            raise _unknown_kind() from None
        if self._url.drivername not in _DRIVERS:
            raise _unknown_kind()
        self.engine = _engine(url)
        self._reading = self.engine.execution_options(wence_reads=True)
        # Writers in one process take turns here: SQLite's own waiting is sleeping and trying again.
        self._turn: AbstractAsyncContextManager[object] = asyncio.Lock()
        if self.engine.dialect.name != "sqlite":
            self._turn = nullcontext()

    async def open(self) -> None:
        """Bring the tables up to date; SettingError when the database is damaged or can't be reached or written."""
        try:
            if self._url.get_backend_name() == "sqlite" and self._url.database:
                _close_to_others(Path(self._url.database))
            async with self.read() as connection:
                if damage := await damage_of(connection):
                    raise self._damaged(damage)
            async with self.engine.begin() as connection:
                if self._url.get_backend_name() == "postgresql":
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
                await connection.run_sync(_upgrade)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            if tells_damage(error):
                raise self._damaged(type(error).__name__) from error
            place = self._url.render_as_string(hide_password=True)
            reason = say("setting_errors.database_closed", place=place, error=type(error).__name__)
            raise SettingError.of("database_url", reason) from error

    def _damaged(self, reason: str) -> SettingError:
        return SettingError(say("doctor.store_damaged", place=self._url.database, reason=reason))

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Run one transaction: committed when the block ends, rolled back when it raises."""
        async with self._turn, self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Look things up, without waiting for who writes."""
        async with self._reading.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Read everything as of one moment, whatever is written meanwhile."""
        if self.engine.dialect.name == "sqlite":
            async with self.read() as connection:
                yield connection
            return
        async with self.engine.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
            yield connection

    async def ping(self) -> None:
        """Ask the database something; SQLAlchemyError or OSError when it is away."""
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def try_write(self) -> None:
        """Write something; SQLAlchemyError or OSError when the database is away, full or read-only."""
        async with self.begin() as connection:
            await connection.execute(
                insert(connection, marks)
                .values(name=_WRITTEN, at=epoch())
                .on_conflict_do_update(index_elements=[marks.c.name], set_={"at": epoch()})
            )

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _close_to_others(file: Path) -> None:
    """Make a SQLite file for this user alone; what SQLite lays beside it then has the same mode."""
    make_folder(file.parent)
    close_file(file, make=True)
    for beside in ("-wal", "-shm", "-journal"):
        close_file(file.with_name(file.name + beside))


def _unknown_kind() -> SettingError:
    reason = say("setting_errors.database_url")
    return SettingError.of("database_url", reason)


def _engine(url: str) -> AsyncEngine:
    # Messages are among the parameters, and errors are logged.
    bounds = {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": _UNHEARD_SECONDS * 1000}
    engine = create_async_engine(
        url,
        connect_args={} if url.startswith("sqlite") else bounds,
        pool_pre_ping=not url.startswith("sqlite"),
        hide_parameters=True,
        # Whether an INSERT … ON CONFLICT has inserted is told by its count of rows, else not kept of an INSERT.
        execution_options={"preserve_rowcount": True},
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        event.listen(engine.sync_engine, "invalidate", _free_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would begin a read, then fail to turn it into a write under load.
    connection.isolation_level = None
    # A damaged word of one row must not keep every other from being read.
    connection.driver_connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    cursor = connection.cursor()
    for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _free_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry, _error: BaseException | None) -> None:
    """Give the write lock back when a task is cancelled in a transaction, whose connection is thrown away then.

    Closing it is not enough: SQLite keeps a closed connection, with its transaction, until every cursor is gone, and
    those hang on the cancelled task's traceback until the garbage collector comes by.
    """
    with suppress(sqlite3.Error):
        connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("wence_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def alembic_config(connection: Connection) -> Config:
    """Return what Alembic is run with on a connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "head")
