"""Connections to the index's database: a small pool for looking things up, one of its own for each change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from index.errors import SnapshotError, StorageError

POOL = 4
"""Connections of one process: two threads answer from the data, one with the model, one looks after notices."""
SECONDS = 10.0
"""To wait for a connection before the index counts as out of reach."""
NEIGHBOURS = 1000
"""Vectors that a search of the graph keeps in sight, pgvector's most; docs/performance.md has the recall of fewer."""
MOST_VISITED = 50_000
"""Vectors that a filtered search of the graph looks at before it ends with what it has."""
_READING = """
SELECT set_config('search_path', '{schema},' || current_setting('search_path'), false),
    set_config('default_transaction_read_only', 'on', false),
    set_config('jit', 'off', false),
    set_config('enable_seqscan', 'off', false),
    set_config('enable_hashjoin', 'off', false),
    set_config('enable_mergejoin', 'off', false),
    set_config('hnsw.ef_search', '{neighbours}', false),
    set_config('hnsw.max_scan_tuples', '{visited}', false),
    set_config('hnsw.iterative_scan', 'relaxed_order', false)
"""
"""Every statement knows which index it means; guesses about the length of its lists must not lead it elsewhere."""

Values = Mapping[str, object]
Row = tuple[Any, ...]


class Database:
    """One build's schema at ``url``, for reading; safe to share between threads."""

    def __init__(self, url: str, schema: str) -> None:
        settings = _READING.format(schema=schema, neighbours=NEIGHBOURS, visited=MOST_VISITED)

        def configure(connection: psycopg.Connection) -> None:
            connection.execute(settings)

        # Nothing is kept open for long unused: a process that has moved on to a newer build needs this one no more.
        self._pool = ConnectionPool(
            url, min_size=0, max_size=POOL, num_workers=1, timeout=SECONDS, configure=configure,
            kwargs={"autocommit": True}, open=True,
        )  # fmt: skip

    def rows(self, statement: str, **values: object) -> list[Row]:
        """Return what a statement finds; SnapshotError when the database does not answer.

        A connection that was cut off, say by a restart of the server, is tried again on a new one.
        """
        try:
            try:
                return self._rows(statement, values)
            except psycopg.OperationalError:
                self._pool.check()
                return self._rows(statement, values)
        except psycopg.Error as error:
            raise SnapshotError(first_line(error)) from error

    def _rows(self, statement: str, values: Values) -> list[Row]:
        with self._pool.connection() as connection:
            return connection.execute(statement, values, binary=True).fetchall()

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


_pools: dict[tuple[str, str], Database] = {}
_lock = Lock()


def reading(url: str, schema: str) -> Database:
    """Return the pool of a build; states of the same build share it."""
    with _lock:
        if (url, schema) not in _pools:
            _pools[url, schema] = Database(url, schema)
        return _pools[url, schema]


def close_pools() -> None:
    """Close every connection that is kept for reading."""
    with _lock:
        for database in _pools.values():
            database.close()
        _pools.clear()


@contextmanager
def transaction(url: str) -> Iterator[psycopg.Connection]:
    """Open a connection with one transaction: committed at the end, or nothing of it; StorageError says why not."""
    try:
        with psycopg.connect(url, connect_timeout=int(SECONDS)) as connection:
            yield connection
    except psycopg.Error as error:
        raise StorageError(first_line(error)) from error


def first_line(error: psycopg.Error) -> str:
    """Return an error's message in a line, without what a server adds about where."""
    return str(error).strip().partition("\n")[0] or type(error).__name__
