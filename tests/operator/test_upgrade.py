"""A database of any earlier version keeps every row of every table when it is brought up to date."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from bot.store.database import Store, alembic_config

ROWS = 2


def earlier() -> list[str]:
    """Return every revision but the newest."""
    with sa.create_engine("sqlite://").connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()
        return [script.revision for script in scripts][1:]


def value(column: sa.Column[Any], number: int) -> object:
    """Return something that the column takes."""
    return number if isinstance(column.type, sa.Integer | sa.Float) else f"{number}"


def tables(connection: Connection) -> list[sa.Table]:
    """Return the tables that are there."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(connection: Connection) -> dict[str, int]:
    """Put rows into every table; returns how many are there."""
    for table in tables(connection):
        for number in range(1, ROWS + 1):
            connection.execute(table.insert(), {column.name: value(column, number) for column in table.columns})
    return {table.name: ROWS for table in tables(connection)}


def count(connection: Connection) -> dict[str, int]:
    """Return the number of rows of every table."""
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0
        for table in tables(connection)
    }


@pytest.mark.parametrize("revision", earlier())
async def test_no_row_is_lost(database_url: str, revision: str) -> None:
    """Every table is filled at the earlier revision, and holds as much at the newest."""
    old = Store(database_url)
    async with old.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), revision))
        before = await connection.run_sync(fill)
    await old.close()
    store = Store(database_url)
    await store.open()
    async with store.read() as connection:
        after = await connection.run_sync(count)
    await store.close()
    assert before
    assert {name: after.get(name) for name in before} == before
