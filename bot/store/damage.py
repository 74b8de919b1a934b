"""Whether a SQLite file is whole: a damaged one is said to be so at the start, and is no wrong setting."""

from __future__ import annotations

import sqlite3

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY = 0xFF
"""The part of an error's number that tells its kind."""


async def damage_of(connection: AsyncConnection) -> str:
    """Return what is wrong inside a SQLite file, empty for nothing; other databases look after themselves.

    Whether indexes and tables agree is looked at, too: rows that an index lacks would never be answered.
    """
    if connection.dialect.name != "sqlite":
        return ""
    found = str((await connection.execute(text("PRAGMA integrity_check(1)"))).scalar())
    return "" if found == "ok" else " ".join(found.split())


def tells_damage(error: BaseException) -> bool:
    """Whether an error says that the file is damaged, or no database at all."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    while cause is not None:
        if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & _PRIMARY in _DAMAGED:
            return True
        cause = cause.__cause__
    return False
