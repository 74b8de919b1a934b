"""The state of each conversation: one a private chat, one a person in a group."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.query.chat_state import ChatState
from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import conversations


@dataclass(frozen=True, slots=True)
class Conversation:
    """Whose state it is."""

    channel: str
    chat: str
    person: str = ""
    """Empty in a private chat."""


class Conversations:
    """Reads and writes ``ChatState`` values."""

    def __init__(self, store: Store) -> None:
        """Keep them in ``store``."""
        self._store = store

    async def load(self, conversation: Conversation) -> ChatState:
        """Return the state of a conversation, an empty one before its first message."""
        query = select(conversations.c.state).where(*_where(conversation))
        async with self._store.read() as tx:
            text = (await tx.execute(query)).scalar()
        return ChatState.from_json(text) if text else ChatState()

    async def save(self, conversation: Conversation, state: ChatState, tx: AsyncConnection) -> None:
        """Keep the state, inside the caller's transaction."""
        values = {"state": state.to_json(), "updated_at": epoch()}
        await tx.execute(
            insert(tx, conversations)
            .values(channel=conversation.channel, chat=conversation.chat, person=conversation.person, **values)
            .on_conflict_do_update(index_elements=list(conversations.primary_key), set_=values)
        )

    async def forget(self, channel: str, days: int) -> None:
        """Delete a channel's conversations in which nothing was asked for ``days``."""
        old = conversations.c.updated_at < epoch() - days * 86400.0
        async with self._store.begin() as tx:
            await tx.execute(delete(conversations).where(conversations.c.channel == channel, old))


def _where(conversation: Conversation) -> tuple[ColumnElement[bool], ...]:
    return (
        conversations.c.channel == conversation.channel,
        conversations.c.chat == conversation.chat,
        conversations.c.person == conversation.person,
    )
