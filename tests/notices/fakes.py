"""A clock that a test turns, and a platform that keeps a log and fails as told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, literal

from bot.answering.answer import Answer, AnswerKind
from bot.notices.delivery import NoticeDelivery
from bot.notices.outbox import Notice, Outbox
from bot.notices.sending import Doubles, NoticePace, SendError
from bot.notices.workdays import NEVER, Quiet
from bot.store.database import Store

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2027, 3, 1, 9, 0, tzinfo=ZONE)
WIDE = NoticePace(per_chat=((1000, 60),))


class Clock:
    """The time, as SQL and as a value; it moves only when a test says so."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> ColumnElement[float]:
        return literal(self.at.timestamp())

    def now(self) -> datetime:
        """Return the time."""
        return self.at

    def pass_(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


class FakePlatform:
    """Takes notices; ``log`` holds (chat, headline) of all it has taken."""

    def __init__(self, name: str = "fake", pace: NoticePace = WIDE) -> None:
        self.name = name
        self.notice_pace = pace
        self.doubles = Doubles()
        self.texts: list[str] = []
        """The whole text of each that it has taken."""
        self.log: list[tuple[str, str]] = []
        self._seen: set[tuple[str, str]] = set()
        self.pictures: list[tuple[str, str]] = []
        self.picture_error: SendError | None = None
        self.before: Callable[[str], SendError | None] = lambda _chat: None
        self.after: Callable[[str], SendError | None] = lambda _chat: None
        self.gate = asyncio.Event()
        self.gate.set()

    async def send_notice(self, chat: str, notice: Answer) -> str:
        await self.gate.wait()
        if error := self.before(chat):
            raise error
        text = "\n".join([notice.headline, *(line for section in notice.sections for line in section.lines)])
        if not (self.doubles.dropped_in(chat) and (chat, text) in self._seen):
            self.log.append((chat, notice.headline))
            self.texts.append(text)
        self._seen.add((chat, text))
        if error := self.after(chat):
            raise error
        return str(len(self.log))

    async def send_picture(self, chat: str, notice: Answer) -> None:
        if self.picture_error is not None:
            raise self.picture_error
        self.pictures.append((chat, notice.headline))


def once(error: SendError) -> Callable[[str], SendError | None]:
    """Fail the first time only."""
    errors = [error]
    return lambda _chat: errors.pop() if errors else None


def notice(  # one notice in its usual form
    headline: str = "一",
    chat: str = "-1",
    *,
    name: str = "",
    at: datetime = START,
    parts: int = 1,
    window: float = 3600,
) -> Notice:
    """Make a notice of ``parts`` messages."""
    lines = [headline] if parts == 1 else [f"{headline}{number}" for number in range(1, parts + 1)]
    answers = tuple(Answer(AnswerKind.FACT, True, line) for line in lines)
    return Notice(name or headline, at, "fake", chat, answers, window)


class Post:
    """An outbox, its platform and one deliverer."""

    def __init__(
        self, store: Store, clock: Clock, platform: FakePlatform, worker: str = "one", quiet: Quiet = NEVER
    ) -> None:
        self.outbox = Outbox(store, worker, clock)
        self.platform = platform
        self.delivery = NoticeDelivery(self.outbox, platform, quiet, look_every=0.01)

    async def plan(self, *notices: Notice) -> int:
        """Put notices into the outbox."""
        async with self.outbox.store.begin() as tx:
            return await self.outbox.add(notices, tx)

    async def send(self) -> None:
        """Send whatever may go out now."""
        await self.delivery.recover()
        while await self.delivery.step(self.platform.notice_pace):
            pass
