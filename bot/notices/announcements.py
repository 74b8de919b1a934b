"""An operator's words to all who follow something: written, previewed, and sent once when confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answering.answer import Answer, Choice
from bot.messages import say
from bot.notices.compose import compose, pieces
from bot.notices.following import Follower, Followings, Subject, SubjectKind
from bot.notices.outbox import Notice, Outbox
from bot.notices.workdays import NEVER, Quiet, after_quiet
from bot.store.sql import epoch
from bot.store.tables import announcements
from bot.zone import ZONE

WINDOW = 3 * 86400.0
"""Seconds in which an announcement may still be sent."""


@dataclass(frozen=True, slots=True)
class Preview:
    """An announcement that is not sent yet."""

    id: int
    parts: tuple[Answer, ...]
    chats: int
    """How many would be told."""
    later: datetime | None
    """When they would be, if it is the quiet hours now."""


class Announcements:
    """The announcements of every channel."""

    def __init__(self, outbox: Outbox, quiet: Quiet = NEVER) -> None:
        """Send through ``outbox``, outside the ``quiet`` hours."""
        self._outbox = outbox
        self._quiet = quiet
        self._followings = Followings(outbox.store)

    async def prepare(self, subject: Subject, words: str, author: str) -> Preview:
        """Keep an announcement; nothing is sent yet."""
        values = {"kind": subject.kind, "subject": subject.key, "district": subject.district, "name": subject.name}
        statement = announcements.insert().values(**values, words=words, author=author, made_at=epoch())
        async with self._outbox.store.begin() as tx:
            number = int((await tx.execute(statement.returning(announcements.c.id))).scalar_one())
            now = await self._now(tx)
        then = after_quiet(self._quiet, now)
        followers = await self._followers(subject)
        held = then > now
        parts = _parts(number, subject.name, words, now if held else None)
        return Preview(number, parts, len(followers), then if held else None)

    async def send(self, number: int) -> int | None:
        """Put it into the outbox; returns how many chats are told, None when it was sent before or never was."""
        query = select(announcements).where(announcements.c.id == number)
        async with self._outbox.store.read() as tx:
            row = (await tx.execute(query)).first()
        if row is None:
            return None
        subject = Subject(SubjectKind(row.kind), row.subject, row.district, row.name)
        followers = await self._followers(subject)
        async with self._outbox.store.begin() as tx:
            confirming = update(announcements).where(announcements.c.id == number, announcements.c.sent_at.is_(None))
            if not (await tx.execute(confirming.values(sent_at=self._outbox.clock()))).rowcount:
                return None
            now = await self._now(tx)
            then = after_quiet(self._quiet, now)
            parts = _parts(number, row.name, row.words, now if then > now else None)
            name = f"announcement:{number}"
            notices = (Notice(name, now, one.channel, one.chat, parts, WINDOW, then) for one in followers)
            await self._outbox.add(notices, tx)
        return len(followers)

    async def _now(self, tx: AsyncConnection) -> datetime:
        return datetime.fromtimestamp((await tx.execute(select(self._outbox.clock()))).scalar_one(), ZONE)

    async def _followers(self, subject: Subject) -> list[Follower]:
        return [one for one in await self._followings.everybody() if any(_meets(subject, own) for own in one.subjects)]


def announced(preview: Preview, name: str) -> str:
    """Return what is said above a preview: to whom it would go, and when if not now."""
    words = say("announcements.preview", name=name, count=preview.chats)
    if preview.later is None:
        return words
    return f"{words}{say('announcements.later', when=_moment(preview.later))}"


def _moment(at: datetime) -> str:
    return say("notices.moment", month=at.month, day=at.day, time=f"{at:%H:%M}")


def _meets(subject: Subject, own: Subject) -> bool:
    same = (own.kind, own.key) == (subject.kind, subject.key)
    return same and (not subject.district or own.district in ("", subject.district))


def _parts(number: int, name: str, words: str, written: datetime | None) -> tuple[Answer, ...]:
    """Return the messages, the last one with its button.

    ``written`` is told of what is held back: 今天 in it is not the day on which it is read.
    """
    headline = say("announcements.headline", name=name)
    if written is not None:
        headline = say("announcements.headline_held", name=name, when=_moment(written))
    receipt = Choice(say("announcements.receive"), say("announcements.say_receive", number=number))
    return compose(headline, pieces(words), choices=(receipt,))
