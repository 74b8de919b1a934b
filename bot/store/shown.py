"""What the bot has shown and where: its messages, and the buttons under them.

A button is a short random token in the platform's callback data. What pressing it stands for, and the conversation's
state at that time, stand here, so it works after a restart, for anyone, and under old messages.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.query.chat_state import ChatState
from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import buttons, shown

TOKEN_BYTES = 12
"""Random bytes of a token: 16 characters of base64, too many to guess."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one message of the bot shows now."""

    chat: str
    message: str
    question: str
    """The message that it answers, by the platform's id; empty when there is none."""
    asked_in: ChatState
    """The state in which that question was asked: for when the question is edited."""
    said: str
    """What was said last to get what it shows now: the question, or a button's words."""
    before: ChatState
    """The state in which that was said."""
    after: ChatState
    digest: str


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press."""

    token: str
    chat: str
    say: str
    state: ChatState


def new_button(chat: str, say: str, state: ChatState) -> Button:
    """Return a button with a token of its own, not kept yet."""
    return Button(secrets.token_urlsafe(TOKEN_BYTES), chat, say, state)


class Screen:
    """The messages and buttons of one channel."""

    def __init__(self, store: Store, channel: str) -> None:
        """Look at what ``channel`` shows alone."""
        self._store = store
        self._channel = channel

    async def keep_buttons(self, made: Iterable[Button]) -> None:
        """Keep buttons, before the message that carries them is sent."""
        rows = [
            {"token": b.token, "channel": self._channel, "chat": b.chat, "say": b.say, "state": b.state.to_json()}
            for b in made
        ]
        if not rows:
            return
        async with self._store.begin() as tx:
            await tx.execute(insert(tx, buttons).values([{**row, "made_at": epoch()} for row in rows]))

    async def button(self, token: str) -> Button | None:
        """Return the button of a token, None when it has expired or never was."""
        query = select(buttons).where(buttons.c.channel == self._channel, buttons.c.token == token)
        async with self._store.read() as tx:
            row = (await tx.execute(query)).first()
        return Button(row.token, row.chat, row.say, ChatState.from_json(row.state)) if row else None

    async def keep(self, message: Shown, tx: AsyncConnection) -> None:
        """Keep what a message shows now, inside the caller's transaction."""
        values = {
            "question": message.question,
            "asked_in": message.asked_in.to_json(),
            "said": message.said,
            "before": message.before.to_json(),
            "after": message.after.to_json(),
            "digest": message.digest,
            "updated_at": epoch(),
        }
        await tx.execute(
            insert(tx, shown)
            .values(channel=self._channel, chat=message.chat, message=message.message, **values)
            .on_conflict_do_update(index_elements=list(shown.primary_key), set_=values)
        )

    async def message(self, chat: str, message: str) -> Shown | None:
        """Return what a message of the bot shows, None when it isn't known (any more)."""
        return await self._one(shown.c.chat == chat, shown.c.message == message)

    async def answer_to(self, chat: str, question: str) -> Shown | None:
        """Return the bot's message that answers the message ``question``."""
        return await self._one(shown.c.chat == chat, shown.c.question == question)

    async def _one(self, *conditions: ColumnElement[bool]) -> Shown | None:
        query = select(shown).where(shown.c.channel == self._channel, *conditions).limit(1)
        async with self._store.read() as tx:
            row = (await tx.execute(query)).first()
        if row is None:
            return None
        asked_in, before, after = (ChatState.from_json(text) for text in (row.asked_in, row.before, row.after))
        return Shown(row.chat, row.message, row.question, asked_in, row.said, before, after, row.digest)

    async def forget(self, days: int) -> None:
        """Let buttons and messages expire that are older than ``days``."""
        limit = epoch() - days * 86400.0
        async with self._store.begin() as tx:
            await tx.execute(delete(buttons).where(buttons.c.channel == self._channel, buttons.c.made_at < limit))
            await tx.execute(delete(shown).where(shown.c.channel == self._channel, shown.c.updated_at < limit))
