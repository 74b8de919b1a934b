"""Backup and restore of the whole store and the operator's files in one file, to and from either kind of database.

The file is gzipped JSON, a line a row or file; its first line names the revision of the tables. A restored store is
brought up to date by the migrations. What may have been sent between the two is not sent again: see ``restore``.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, func, select, text, update
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import say
from bot.store.backup_file import FILE, BackupError, BackupHeader, BackupLine, read_backup
from bot.store.database import Store, alembic_config
from bot.store.kept_files import KeptFile, KeptFilesError, check_files, read_files, write_files
from bot.store.sql import epoch
from bot.store.tables import marks, outbox, replicas
from corpus.private import open_new

__all__ = ["BackupError", "backup", "restore"]
_VERSION = "alembic_version"
_AT_ONCE, _BYTES_AT_ONCE = 500, 8_000_000
"""Rows that are written together: at most so many, of so many bytes."""


async def backup(store: Store, file: Path, folder: Path | None = None) -> int:
    """Write every row, and the files of the data ``folder``, to ``file``; returns how many rows.

    The rows are as of one moment. An older file stays until this one is whole. Keys are in it: only this user may
    read it.
    """
    half = file.with_name(f".{file.name}.half")
    half.unlink(missing_ok=True)
    rows = 0
    with os.fdopen(open_new(half), "wb") as raw:
        async with store.snapshot() as tx:
            revision, tables = await tx.run_sync(_tables)
            with gzip.open(raw, "wb") as out:
                out.write(msgspec.json.encode({"revision": revision}) + b"\n")
                for table in tables:
                    async for row in (await tx.stream(select(table))).mappings():
                        values = {str(name): value for name, value in row.items()}
                        out.write(msgspec.json.encode([str(table.name), values]) + b"\n")
                        rows += 1
                for kept in read_files(folder) if folder else ():
                    out.write(msgspec.json.encode([FILE, kept]) + b"\n")
        raw.flush()
        os.fsync(raw.fileno())
    half.replace(file)
    return rows


async def restore(store: Store, file: Path, folder: Path | None = None) -> int:
    """Fill an empty database, and the data ``folder``, from ``file``; returns how many rows.

    BackupError changes nothing.

    Messages that were waiting when the backup was made may have been sent since: they become *unknown*, for the
    operator to decide. The calendar goes on from now, for the same reason.
    """
    try:
        return await _restore(store, file, folder)
    except (OperationalError, InterfaceError) as error:
        raise BackupError(say("backup.database", error=type(error).__name__)) from error
    except (SQLAlchemyError, ArithmeticError, ValueError) as error:
        # A value of the wrong kind for its column, two rows with one key, a number or a character that it can't hold.
        raise BackupError(say("backup.bad_rows", file=file, error=type(error).__name__)) from error


async def _restore(store: Store, file: Path, folder: Path | None) -> int:
    files: list[KeptFile] = []
    lines = read_backup(file)
    header = next(lines)
    async with store.begin() as tx:
        await tx.run_sync(_make_empty, header, file)
        rows = await tx.run_sync(_fill, _rows(lines, files), file)
        await tx.run_sync(lambda connection: command.upgrade(alembic_config(connection), "head"))
        await _settle(tx)
        if folder:
            # Before the commit: should it not come to that, the same restore can be done again.
            _put_back(folder, files)
    return rows


def _rows(lines: Iterable[BackupHeader | BackupLine | KeptFile], files: list[KeptFile]) -> Iterator[BackupLine]:
    """Yield the lines that are rows; those that are files go into ``files``."""
    for line in lines:
        if isinstance(line, KeptFile):
            files.append(line)
        elif isinstance(line, BackupLine):
            yield line


def _put_back(folder: Path, files: list[KeptFile]) -> None:
    try:
        check_files(folder, files)
        write_files(folder, files)
    except KeptFilesError as error:
        raise BackupError(str(error)) from error
    except OSError as error:
        raise BackupError(say("backup.unwritable", file=error.filename or folder, error=error.strerror)) from error


def _tables(connection: Connection) -> tuple[str | None, list[Table]]:
    found = MetaData()
    found.reflect(connection)
    revision = MigrationContext.configure(connection).get_current_revision()
    return revision, [table for table in found.sorted_tables if table.name != _VERSION]


def _make_empty(connection: Connection, header: BackupHeader | BackupLine | KeptFile, file: Path) -> None:
    """Bring the tables, which must be empty, to the revision of the backup."""
    _, tables = _tables(connection)
    if any(connection.execute(select(func.count()).select_from(table)).scalar() for table in tables):
        raise BackupError(say("backup.not_empty"))
    config = alembic_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if not isinstance(header, BackupHeader) or header.revision not in known:
        raise BackupError(say("backup.other_version", file=file))
    if tables:
        command.downgrade(config, "base")
    command.upgrade(config, header.revision)


def _fill(connection: Connection, lines: Iterable[BackupLine], file: Path) -> int:
    _, tables = _tables(connection)
    named = {table.name: table for table in tables}
    rows = size = 0
    waiting: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        if line.table not in named or line.row.keys() != set(named[line.table].c.keys()):
            raise BackupError(say("backup.strange_row", file=file, table=line.table[:64]))
        waiting.setdefault(line.table, []).append(line.row)
        rows += 1
        size += line.size
        if len(waiting[line.table]) == _AT_ONCE or size > _BYTES_AT_ONCE:
            _write(connection, named, waiting)
            size = 0
    _write(connection, named, waiting)
    if connection.dialect.name == "postgresql":
        _go_on_counting(connection, tables)
    return rows


def _write(connection: Connection, named: dict[str, Table], waiting: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in waiting.items():
        connection.execute(named[name].insert(), rows)
    waiting.clear()


def _go_on_counting(connection: Connection, tables: Iterable[Table]) -> None:
    for table in tables:
        if "id" in table.c:
            number = connection.execute(select(func.max(table.c.id))).scalar()
            sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number, :used)")
            connection.execute(sequence, {"name": table.name, "number": number or 1, "used": number is not None})


async def _settle(tx: AsyncConnection) -> None:
    waiting = (outbox.c.state.in_(("due", "retry", "sending")), outbox.c.due_at <= epoch())
    await tx.execute(update(outbox).where(*waiting).values(state="unknown", reason="restored from a backup"))
    await tx.execute(update(marks).values(at=epoch()))
    # None of the replicas of then is there any more.
    await tx.execute(update(replicas).values(looked_at=0.0))
