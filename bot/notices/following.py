"""Who follows what: a chat of a channel, and a unit, an indicator, a plan or a district."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import followings


class SubjectKind(StrEnum):
    """What can be followed."""

    UNIT = "unit"
    INDICATOR = "indicator"
    PLAN = "plan"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that can be followed."""

    kind: SubjectKind
    key: str
    """A unit's key, an indicator's name, a plan's id, a district."""
    district: str
    """Empty covers every district."""
    name: str
    """As it is shown: 渝中区教委."""


@dataclass(frozen=True, slots=True)
class Follower:
    """A chat, and all that it follows."""

    channel: str
    chat: str
    """As its channel names it; with /TOPIC for one topic of a forum."""
    subjects: tuple[Subject, ...]


class Followings:
    """The followings of every channel."""

    def __init__(self, store: Store) -> None:
        """Keep them in ``store``."""
        self._store = store

    async def follow(self, channel: str, chat: str, subject: Subject, tx: AsyncConnection) -> bool:
        """Let a chat follow; False when it did before."""
        values = {"kind": subject.kind, "subject": subject.key, "district": subject.district, "name": subject.name}
        statement = insert(tx, followings).values(channel=channel, chat=chat, since=epoch(), **values)
        return (await tx.execute(statement.on_conflict_do_nothing())).rowcount == 1

    async def unfollow(self, channel: str, chat: str, subject: Subject, tx: AsyncConnection) -> bool:
        """End one following; False when there was none."""
        same = (
            followings.c.kind == subject.kind,
            followings.c.subject == subject.key,
            followings.c.district == subject.district,
        )
        return (await tx.execute(delete(followings).where(*_of(channel, chat), *same))).rowcount == 1

    async def end(self, channel: str, chat: str, tx: AsyncConnection) -> int:
        """End all that a chat and its topics follow: it is gone. Returns how many."""
        theirs = (followings.c.channel == channel, in_chat(followings.c.chat, chat))
        return (await tx.execute(delete(followings).where(*theirs))).rowcount

    async def move(self, channel: str, old: str, new: str, tx: AsyncConnection) -> None:
        """Follow a chat whose id has changed."""
        rows = (await tx.execute(select(followings).where(*_of(channel, old)))).all()
        for row in rows:
            await self.follow(channel, new, Subject(SubjectKind(row.kind), row.subject, row.district, row.name), tx)
        await self.end(channel, old, tx)

    async def of(self, channel: str, chat: str) -> tuple[Subject, ...]:
        """Return what a chat follows, oldest first."""
        found = await self._all(*_of(channel, chat))
        return found[0].subjects if found else ()

    async def everybody(self, tx: AsyncConnection | None = None) -> tuple[Follower, ...]:
        """Return every chat that follows something, as the transaction sees it where one is given."""
        if tx is not None:
            return await self._found(tx)
        return await self._all()

    async def _all(self, *conditions: ColumnElement[bool]) -> tuple[Follower, ...]:
        async with self._store.read() as tx:
            return await self._found(tx, *conditions)

    async def _found(self, tx: AsyncConnection, *conditions: ColumnElement[bool]) -> tuple[Follower, ...]:
        query = select(followings).where(*conditions).order_by(followings.c.since, followings.c.name)
        found: dict[tuple[str, str], list[Subject]] = {}
        for row in await tx.execute(query):
            subject = Subject(SubjectKind(row.kind), row.subject, row.district, row.name)
            found.setdefault((row.channel, row.chat), []).append(subject)
        return tuple(Follower(*where, tuple(subjects)) for where, subjects in found.items())


def in_chat(column: ColumnElement[str], chat: str) -> ColumnElement[bool]:
    """Whether ``column`` names a chat, or a topic of it: CHAT or CHAT/TOPIC."""
    return or_(column == chat, column.startswith(f"{chat}/", autoescape=True))


def _of(channel: str, chat: str) -> tuple[ColumnElement[bool], ...]:
    return followings.c.channel == channel, followings.c.chat == chat
