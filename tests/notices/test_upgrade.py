"""A database of an earlier version keeps what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import bot.store
from bot.store.database import Store
from bot.store.inbox import Inbox


def config(connection: Connection | None = None) -> Config:
    """Return what Alembic is run with."""
    found = Config()
    found.set_main_option("script_location", str(Path(bot.store.__file__).parent / "migrations"))
    found.attributes["connection"] = connection
    return found


ROWS = {
    "0001": {
        "inbox": "channel, key, conversation, payload, received_at, state, attempts",
        "chats": "channel, chat, district, asked_district",
    },
    "0002": {
        "followings": "channel, chat, kind, subject, district, name, since",
        "known_plans": "plan, sha256, body",
        "outbox": "notice, planned, channel, chat, part, body, state, planned_at, due_at, expires_at, attempts, "
        "worker, message, reason, again",
    },
}
"""What each revision brought that may hold rows: tables and their columns."""
VALUES = {
    "inbox": "'echo', '1', '7', 'hello', 1.0, 'new', 0",
    "chats": "'echo', '7', '渝中区', 1",
    "followings": "'echo', '7', 'unit', '区教委', '', '区教委', 1.0",
    "known_plans": "'banan', 'abc', '{}'",
    "outbox": "'digest', '2027-01-01', 'echo', '7', 1, '{}', 'unknown', 1.0, 1.0, 2.0, 1, 'w', '', 'lost', 1",
}
EARLIER = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][1:]


@pytest.mark.parametrize("revision", EARLIER)
async def test_every_earlier_revision_is_brought_up_to_date(database_url: str, revision: str) -> None:
    """Starting a newer version on an older database loses no row."""
    old = Store(database_url)
    async with old.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(config(sync), revision))
        filled = [(table, columns) for one, tables in ROWS.items() if one <= revision
                  for table, columns in tables.items()]  # fmt: skip
        for table, columns in filled:
            await connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({VALUES[table]})"))  # noqa: S608
    await old.close()
    store = Store(database_url)
    await store.open()
    (row,) = await Inbox(store, "echo").waiting(9)
    assert (row.key, row.payload) == ("1", "hello")
    for table, columns in filled:
        async with store.read() as tx:
            values = (await tx.execute(text(f"SELECT {columns} FROM {table}"))).one()  # noqa: S608
        assert ", ".join(repr(value) for value in values) == VALUES[table]
    await store.close()
