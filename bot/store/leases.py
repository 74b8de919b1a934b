"""Leases: which replica polls a platform, or holds its one connection.

A holder renews its lease while it works. When it dies, the lease runs out and another replica takes over, within
``SECONDS`` plus one attempt (``EVERY``).
"""

from __future__ import annotations

import asyncio

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import leases

SECONDS = 12.0
EVERY = 3.0
ASKED_FOR = 3.0
"""Seconds for which the database may take over a lease: one that hangs is as one that is away."""


class Leases:
    """The leases that one replica may hold."""

    def __init__(self, store: Store, holder: str) -> None:
        """Act for ``holder``, a name that no other process has."""
        self._store = store
        self.holder = holder

    async def acquire(self, name: str, seconds: float = SECONDS) -> bool:
        """Take the lease ``name``, or renew it; False while another holds it or the database is away."""
        values = {"holder": self.holder, "expires_at": epoch() + seconds}
        try:
            async with asyncio.timeout(ASKED_FOR), self._store.begin() as tx:
                statement = (
                    insert(tx, leases)
                    .values(name=name, **values)
                    .on_conflict_do_update(
                        index_elements=[leases.c.name],
                        set_=values,
                        where=or_(leases.c.holder == self.holder, leases.c.expires_at < epoch(), _is_strange(seconds)),
                    )
                    .returning(leases.c.holder)
                )
                return (await tx.execute(statement)).scalar() is not None
        except (SQLAlchemyError, OSError):
            return False

    async def release(self, name: str) -> None:
        """Give the lease back, so that another replica need not wait for it to run out."""
        async with asyncio.timeout(ASKED_FOR), self._store.begin() as tx:
            await tx.execute(delete(leases).where(leases.c.name == name, leases.c.holder == self.holder))


def _is_strange(seconds: float) -> ColumnElement[bool]:
    """Whether a lease ends later than any that is given out now: the database's clock was put back since."""
    return leases.c.expires_at > epoch() + seconds + EVERY


async def held(store: Store, name: str) -> bool:
    """Whether some living process holds the lease ``name``."""
    async with store.read() as tx:
        query = select(exists().where(leases.c.name == name, leases.c.expires_at >= epoch(), ~_is_strange(SECONDS)))
        return bool((await tx.execute(query)).scalar())
