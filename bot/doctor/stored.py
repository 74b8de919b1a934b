"""The database: in reach, whole, of this version, to be written; nothing is changed in it."""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.finding import DoctorFinding, broken, fine, look
from bot.messages import table
from bot.settings import SettingError, Settings, variable
from bot.store.damage import damage_of, tells_damage
from bot.store.database import Store, alembic_config
from bot.store.inbox import set_aside
from bot.store.sql import insert
from bot.store.tables import inbox, marks

_TRIAL = "doctor"


async def check_store(settings: Settings) -> list[DoctorFinding]:
    """Look at the database as the next start will find it."""
    url = make_url(settings.sql_url())
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():  # noqa: ASYNC240
        return [look("store", "store_not_made", place=url.database)]
    place = url.render_as_string(hide_password=True)
    try:
        store = Store(settings.sql_url())
    except SettingError as error:
        return [broken("store", "wrong_setting", reason=error)]
    try:
        return [await _look(store, place), *await _look_at_inbox(store)]
    except (SQLAlchemyError, OSError) as error:
        if tells_damage(error):
            return [broken("store", "store_damaged", place=place, reason=type(error).__name__)]
        name = variable("database_url" if settings.database_url.get_secret_value() else "data_dir")
        return [broken("store", "store_away", place=place, error=type(error).__name__, name=name)]
    finally:
        await store.close()


async def _look_at_inbox(store: Store) -> list[DoctorFinding]:
    """Tell what could not be read; a database whose tables are still to be made holds nothing."""
    async with store.read() as connection:
        there = await connection.run_sync(lambda sync: inspect(sync).has_table(inbox.name))
    counts = await set_aside(store) if there else {}
    names = table("channel_names")
    return [
        look("store", "set_aside", channel=names.get(channel, channel), count=count)
        for channel, count in counts.items()
    ]


async def _look(store: Store, place: str) -> DoctorFinding:
    async with store.read() as connection:
        now, newest, known = await connection.run_sync(_revisions)
        if damage := await damage_of(connection):
            return broken("store", "store_damaged", place=place, reason=damage)
    if now is None:
        return look("store", "store_empty", place=place)
    if not known:
        return broken("store", "store_newer", revision=now)
    if now != newest:
        return look("store", "store_older", revision=now, newest=newest)
    async with store.engine.connect() as connection, connection.begin() as trial:
        await connection.execute(insert(connection, marks).values(name=_TRIAL, at=0.0).on_conflict_do_nothing())
        await trial.rollback()
    return fine("store", "store_fine", place=place, revision=now)


def _revisions(connection: Connection) -> tuple[str | None, str | None, bool]:
    """Return the tables' revision, this program's newest, and whether the program knows the tables'."""
    scripts = ScriptDirectory.from_config(alembic_config(connection))
    now = MigrationContext.configure(connection).get_current_revision()
    return now, scripts.get_current_head(), now in {script.revision for script in scripts.walk_revisions()}
