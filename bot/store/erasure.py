"""Deletes what is kept about one person or chat, in every table that names one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, delete, or_, text, update

from bot.store.database import Store
from bot.store.tables import (
    announcements,
    buttons,
    chats,
    confirmations,
    conversations,
    followings,
    gaps,
    guests,
    inbox,
    outbox,
    shown,
)

_KINDS = ("", "single:", "group:", "inline:")
"""What may stand before an id where a channel tells conversations apart by it."""


async def erase(store: Store, name: str, hashes: Collection[str] = ()) -> dict[str, int]:
    """Delete the rows of the person or chat with the platform's id ``name``; returns how many, by table.

    ``hashes`` stand for the person among questions asked in vain. An announcement stays without its author's id.
    Of what was said in a group and is not yet answered, or could not be read, the words stay until that row ends.
    """
    conditions: dict[Table, ColumnElement[bool]] = {
        inbox: _is(inbox.c.conversation, name),
        conversations: or_(_is(conversations.c.chat, name), conversations.c.person == name),
        chats: _is(chats.c.chat, name),
        guests: guests.c.guest.in_((f"user:{name}", f"chat:{name}")),
        shown: _is(shown.c.chat, name),
        buttons: _is(buttons.c.chat, name),
        followings: _is(followings.c.chat, name),
        outbox: _is(outbox.c.chat, name),
        confirmations: or_(_is(confirmations.c.chat, name), confirmations.c.person == name),
        gaps: gaps.c.person.in_(list(hashes)),
    }
    async with store.begin() as tx:
        if tx.dialect.name == "sqlite":
            # What is deleted is overwritten, and can't be read from the file any more.
            await tx.execute(text("PRAGMA secure_delete = ON"))
        done = {
            table.name: (await tx.execute(delete(table).where(which))).rowcount for table, which in conditions.items()
        }
        unnamed = update(announcements).where(announcements.c.author == name).values(author="")
        done[announcements.name] = (await tx.execute(unnamed)).rowcount
    return {table: count for table, count in done.items() if count}


def _is(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a chat is the one with this id, or a topic of it."""
    names = [f"{kind}{name}" for kind in _KINDS]
    return or_(column.in_(names), *(column.startswith(f"{one}/", autoescape=True) for one in names))
