"""The two places where SQLite and PostgreSQL are spoken to differently: the clock, and “insert unless there”."""

from __future__ import annotations

from sqlalchemy import Float, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class epoch(FunctionElement[float]):  # noqa: N801 - reads as the SQL function that it is
    """The database's clock in Unix seconds, so that replicas agree whatever their own clocks say."""

    type = Float()
    inherit_cache = True


@compiles(epoch, "sqlite")
def _sqlite(_element: epoch, _compiler: object, **_options: object) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(epoch, "postgresql")
def _postgresql(_element: epoch, _compiler: object, **_options: object) -> str:
    return "extract(epoch from clock_timestamp())::float8"


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the dialect's insert, which knows ``on_conflict_…`` (the two have the same methods)."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
