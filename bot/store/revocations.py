"""What lets nobody in any more: links, members' sessions, or all that was given out before a moment."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import revocations

EVERYTHING = "*"


class Revocations:
    """The moments from which on something is not taken any more that was given out before them."""

    def __init__(self, store: Store) -> None:
        """Keep them in ``store``."""
        self._store = store

    async def revoke(self, name: str) -> None:
        """Take back what was given out to ``name`` until now."""
        async with self._store.begin() as tx:
            await tx.execute(
                insert(tx, revocations)
                .values(name=name, at=epoch())
                .on_conflict_do_update(index_elements=[revocations.c.name], set_={"at": epoch()})
            )

    async def last(self, names: Iterable[str]) -> float:
        """Return when one of ``names``, or everything, was last taken back, in Unix seconds; 0 for never."""
        wanted = revocations.c.name.in_((*names, EVERYTHING))
        async with self._store.read() as tx:
            return float((await tx.execute(select(func.max(revocations.c.at)).where(wanted))).scalar() or 0.0)
