"""Questions that were declined, or answered without being sure, until their days are over."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import delete, func, select

from bot.store.database import Store
from bot.store.sql import epoch
from bot.store.tables import gaps


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """One question."""

    channel: str
    person: str
    """A keyed hash of who asked."""
    folded: str
    """Equal for questions that differ in nothing that matters; at most 255 characters."""
    question: str
    reason: str
    confidence: float | None


@dataclass(frozen=True, slots=True)
class UnansweredGroup:
    """Questions that say the same."""

    question: str
    """As it was typed by one of them."""
    reason: str
    count: int
    people: int
    last_at: float
    """Unix seconds."""
    confidence: float | None
    """The highest."""


class UnansweredLog:
    """The gaps of every channel."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, gap: UnansweredQuestion) -> None:
        """Keep one."""
        async with self._store.begin() as tx:
            await tx.execute(gaps.insert().values(asked_at=epoch(), **asdict(gap)))

    async def forget(self, days: int) -> int:
        """Delete what was asked more than ``days`` ago; returns how many."""
        async with self._store.begin() as tx:
            return (await tx.execute(delete(gaps).where(gaps.c.asked_at < epoch() - days * 86400.0))).rowcount

    async def groups(self, days: int, most: int) -> list[UnansweredGroup]:
        """Return what was asked in the last ``days``, the most frequent and then the latest first."""
        count, last = func.count(), func.max(gaps.c.asked_at)
        query = (
            select(
                func.max(gaps.c.question), gaps.c.reason, count, func.count(gaps.c.person.distinct()), last,
                func.max(gaps.c.confidence),
            )
            .where(gaps.c.asked_at >= epoch() - days * 86400.0)
            .group_by(gaps.c.folded, gaps.c.reason)
            .order_by(count.desc(), last.desc())
            .limit(most)
        )  # fmt: skip
        async with self._store.read() as tx:
            return [UnansweredGroup(*row) for row in await tx.execute(query)]
