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


EARLIER = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][1:]


@pytest.mark.parametrize("revision", EARLIER)
async def test_every_earlier_revision_is_brought_up_to_date(database_url: str, revision: str) -> None:
    """Starting a newer version on an older database loses no row."""
    old = Store(database_url)
    async with old.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(config(sync), revision))
        insert = "INSERT INTO inbox (channel, key, conversation, payload, received_at, state, attempts)"
        await connection.execute(text(f"{insert} VALUES ('echo', '1', '7', 'hello', 1.0, 'new', 0)"))
    await old.close()
    store = Store(database_url)
    await store.open()
    (row,) = await Inbox(store, "echo").waiting(9)
    assert (row.key, row.payload) == ("1", "hello")
    await store.close()
