"""What is set for a whole chat: its default district, and whom the invitation code has let in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import chats, conversations, guests


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """The settings of one chat."""

    district: str = ""
    """Empty covers every plan."""
    asked_district: bool = False
    """Whether the chat was asked for its district already."""


class Chats:
    """The chats of one channel."""

    def __init__(self, store: Store, channel: str) -> None:
        """Look at the chats of ``channel`` alone."""
        self._store = store
        self._channel = channel

    async def load(self, chat: str) -> ChatSettings:
        """Return a chat's settings, the defaults when nothing was set."""
        query = select(chats.c.district, chats.c.asked_district).where(*self._is(chat))
        async with self._store.read() as tx:
            row = (await tx.execute(query)).first()
        return ChatSettings(row.district, bool(row.asked_district)) if row else ChatSettings()

    async def save(self, chat: str, settings: ChatSettings, tx: AsyncConnection) -> None:
        """Keep a chat's settings, inside the caller's transaction."""
        values = {"district": settings.district, "asked_district": int(settings.asked_district)}
        await tx.execute(
            insert(tx, chats)
            .values(channel=self._channel, chat=chat, **values)
            .on_conflict_do_update(index_elements=list(chats.primary_key), set_=values)
        )

    async def move(self, old: str, new: str, tx: AsyncConnection) -> None:
        """Follow a chat whose id has changed (a group that became a supergroup)."""
        taken = select(chats.c.chat).where(*self._is(new))
        if (await tx.execute(taken)).first() is None:
            await tx.execute(update(chats).where(*self._is(old)).values(chat=new))
        # Its people start their conversations anew; their buttons carry their own state.
        talked = (conversations.c.channel == self._channel, conversations.c.chat == old)
        await tx.execute(delete(conversations).where(*talked))
        was_invited = select(exists().where(guests.c.channel == self._channel, guests.c.guest == f"chat:{old}"))
        if (await tx.execute(was_invited)).scalar():
            await self.invite(f"chat:{new}", tx)

    async def invite(self, guest: str, tx: AsyncConnection) -> None:
        """Let ``guest`` in (``user:ID`` or ``chat:ID``) from now on."""
        await tx.execute(
            insert(tx, guests).values(channel=self._channel, guest=guest, since=epoch()).on_conflict_do_nothing()
        )

    async def invited(self, anyone: tuple[str, ...]) -> bool:
        """Whether one of these was let in before."""
        query = select(exists().where(guests.c.channel == self._channel, guests.c.guest.in_(anyone)))
        async with self._store.read() as tx:
            return bool((await tx.execute(query)).scalar())

    def _is(self, chat: str) -> tuple[ColumnElement[bool], ...]:
        return (chats.c.channel == self._channel, chats.c.chat == chat)
