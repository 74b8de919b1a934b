"""Backup and restore of the whole store and the operator's files in one file, to and from either kind of database.

The file is gzipped JSON, a line a row or file; its first line names the revision of the tables. A restored store is
brought up to date by the migrations. What may have been sent between the two is not sent again: see ``restore``.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from alembic import command
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import say
from bot.store.database import Store, alembic_config
from bot.store.kept_files import KeptFile, KeptFilesError, check_files, read_files, write_files
from bot.store.sql import epoch
from bot.store.tables import marks, outbox, replicas

_VERSION = "alembic_version"
_FILE = ":file"
"""Stands where a row has its table's name."""
_AT_ONCE = 500


class BackupError(Exception):
    """A file that can't be restored here; the text is Chinese and for the operator."""


async def backup(store: Store, file: Path, folder: Path | None = None) -> int:
    """Write every row, and the files of the data ``folder``, to ``file``; returns how many rows.

    The rows are as of one moment. An older file stays until this one is whole. Keys are in it: only this user may
    read it.
    """
    half = file.with_name(f".{file.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    rows = 0
    async with store.snapshot() as tx:
        revision, tables = await tx.run_sync(_tables)
        with half.open("wb") as raw, gzip.open(raw, "wb") as out:
            out.write(msgspec.json.encode({"revision": revision}) + b"\n")
            for table in tables:
                async for row in (await tx.stream(select(table))).mappings():
                    values = {str(name): value for name, value in row.items()}
                    out.write(msgspec.json.encode([str(table.name), values]) + b"\n")
                    rows += 1
            for kept in read_files(folder) if folder else ():
                out.write(msgspec.json.encode([_FILE, kept]) + b"\n")
        with half.open("rb") as written:
            os.fsync(written.fileno())
    half.replace(file)
    return rows


async def restore(store: Store, file: Path, folder: Path | None = None) -> int:
    """Fill an empty database, and the data ``folder``, from ``file``; returns how many rows.

    BackupError changes nothing.

    Messages that were waiting when the backup was made may have been sent since: they become *unknown*, for the
    operator to decide. The calendar goes on from now, for the same reason.
    """
    files: list[KeptFile] = []
    lines = _rows(_read(file), files)
    header = next(lines)
    async with store.begin() as tx:
        await tx.run_sync(_make_empty, header["revision"])
        rows = await tx.run_sync(_fill, lines)
        await tx.run_sync(lambda connection: command.upgrade(alembic_config(connection), "head"))
        await _settle(tx)
        if folder:
            # Before the commit: should it not come to that, the same restore can be done again.
            _put_back(folder, files)
    return rows


def _rows(lines: Iterator[Any], files: list[KeptFile]) -> Iterator[Any]:
    """Yield the lines that are rows; those that are files go into ``files``."""
    for line in lines:
        if isinstance(line, list) and line[0] == _FILE:
            files.append(msgspec.convert(line[1], KeptFile))
        else:
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


def _read(file: Path) -> Iterator[Any]:
    try:
        with gzip.open(file, "rb") as lines:
            for line in lines:
                yield msgspec.json.decode(line)
    except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
        raise BackupError(say("backup.unreadable", file=file, error=type(error).__name__)) from error


def _make_empty(connection: Connection, revision: str) -> None:
    _, tables = _tables(connection)
    if any(connection.execute(select(func.count()).select_from(table)).scalar() for table in tables):
        raise BackupError(say("backup.not_empty"))
    config = alembic_config(connection)
    if tables:
        command.downgrade(config, "base")
    command.upgrade(config, revision)


def _fill(connection: Connection, lines: Iterator[Any]) -> int:
    _, tables = _tables(connection)
    named = {table.name: table for table in tables}
    rows = 0
    waiting: dict[str, list[dict[str, Any]]] = {}
    for name, row in lines:
        waiting.setdefault(name, []).append(row)
        rows += 1
        if len(waiting[name]) == _AT_ONCE:
            connection.execute(named[name].insert(), waiting.pop(name))
    for name, rest in waiting.items():
        connection.execute(named[name].insert(), rest)
    if connection.dialect.name == "postgresql":
        for table in tables:
            if "id" in table.c:
                number = connection.execute(select(func.max(table.c.id))).scalar()
                sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number, :used)")
                connection.execute(sequence, {"name": table.name, "number": number or 1, "used": number is not None})
    return rows


async def _settle(tx: AsyncConnection) -> None:
    waiting = (outbox.c.state.in_(("due", "retry", "sending")), outbox.c.due_at <= epoch())
    await tx.execute(update(outbox).where(*waiting).values(state="unknown", reason="restored from a backup"))
    await tx.execute(update(marks).values(at=epoch()))
    # None of the replicas of then is there any more.
    await tx.execute(update(replicas).values(looked_at=0.0))
