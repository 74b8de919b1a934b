"""Plans what is to be told: looks at the clock and at the plans, and puts rows into the outbox.

A mark in the store says up to which time everything was planned. After an outage what was due meanwhile is planned
at its own time, so it is sent late or told as missed, never dropped. Several replicas may plan: they take turns on
the mark's row, and a notice's key keeps it single.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache, partial

import msgspec
import structlog
from sqlalchemy import and_, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answering.answer import Answer
from bot.isolation import isolated
from bot.notices.changes import change_notice
from bot.notices.deadlines import deadline_notice, told_on
from bot.notices.digest import digest_notice, due_soon, is_worth_telling
from bot.notices.due_targets import DueTargets
from bot.notices.following import Follower, Followings
from bot.notices.ledger import Ledger
from bot.notices.outbox import Notice, Outbox
from bot.notices.plan_days import Calendar
from bot.notices.plan_news import Hashes, hashes_of, look
from bot.notices.workdays import CalendarRules, digest_times, last_digest, mornings, speakable
from bot.query.plan_repository import PlanRepository
from bot.store.sql import insert
from bot.store.tables import marks, outbox
from bot.zone import ZONE

DEADLINE, DIGEST, CHANGED = "deadline", "digest", "plan"
WINDOW = {DEADLINE: 12 * 3600.0, DIGEST: 12 * 3600.0, CHANGED: 3 * 86400.0}
"""Seconds in which each may still be sent; later it is missed."""
EVERY = 30.0
"""Seconds between two looks at the clock."""
_FORGET_EVERY = 86400.0
_MARK = "planned"

Shelves = Callable[[], Awaitable[PlanRepository]]
Followers = tuple[Follower, ...]
Chat = tuple[str, str]
"""A channel, and what it calls the chat."""
Span = tuple[datetime, datetime]

log = structlog.get_logger()


class Planner:
    """The calendar of every channel."""

    def __init__(self, outbox_: Outbox, shelf: Shelves, rules: CalendarRules, replica: str = "") -> None:
        """Plan into ``outbox_`` what is on the ``shelf``, at the times of ``rules``; ``replica`` names this process."""
        self._outbox = outbox_
        self._followings = Followings(outbox_.store)
        self._shelf = shelf
        self._rules = rules
        self._replica = replica
        self._differing: tuple[str, ...] = ()
        self._look = asyncio.Event()
        self._seen: PlanRepository | None = None
        self._hashes: Hashes = {}
        self._calendar: Calendar | None = None

    def wake(self) -> None:
        """Look now: the plans have changed."""
        self._look.set()

    async def run(self) -> None:
        """Plan until cancelled."""
        forgotten = -_FORGET_EVERY
        clock = asyncio.get_running_loop().time
        while True:
            self._look.clear()
            outcome = await isolated(self.tick())
            if isinstance(outcome, (SQLAlchemyError, OSError)):
                log.warning("notices can't be planned now", error=type(outcome).__name__)
            elif isinstance(outcome, Exception):
                log.error("notices could not be planned", exc_info=outcome)
            elif clock() - forgotten >= _FORGET_EVERY:
                await self._forget()
                forgotten = clock()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), EVERY)

    async def _forget(self) -> None:
        try:
            await Ledger(self._outbox.store).forget()
        except (SQLAlchemyError, OSError) as error:
            log.warning("old notices can't be deleted now", error=type(error).__name__)

    async def tick(self) -> int:
        """Plan everything up to now; returns the number of new messages."""
        shelf = await self._shelf()
        if shelf is not self._seen:
            # Before the turn is taken: many plans take seconds to look through.
            self._hashes, self._calendar = await asyncio.to_thread(_look_through, shelf, self._calendar)
            self._seen = shelf
        async with self._outbox.store.begin() as tx:
            since, now = await self._take_turn(tx)
            notices = await self._scheduled(shelf, (since, now), tx)
            notices += await self._changed(shelf, now, tx)
            added = await self._outbox.add(notices, tx)
            await tx.execute(update(marks).where(marks.c.name == _MARK).values(at=now.timestamp()))
        if added:
            log.info("notices planned", messages=added)
        return added

    async def _take_turn(self, tx: AsyncConnection) -> tuple[datetime, datetime]:
        """Hold the mark's row until the transaction ends; returns what it says, and the time."""
        statement = insert(tx, marks).values(name=_MARK, at=self._outbox.clock())
        statement = statement.on_conflict_do_update(index_elements=[marks.c.name], set_={"name": _MARK})
        at, now = (await tx.execute(statement.returning(marks.c.at, self._outbox.clock()))).one()
        return datetime.fromtimestamp(at, ZONE), datetime.fromtimestamp(now, ZONE)

    async def _scheduled(self, shelf: PlanRepository, span: Span, tx: AsyncConnection) -> list[Notice]:
        # Written in a thread, once for all who follow the same: who asks meanwhile does not wait.
        notices: list[Notice] = []
        for at in mornings(self._rules, *span):
            followers = await self._followings.everybody(tx)
            notices += await asyncio.to_thread(self._reminders, shelf, at, followers)
        for at in digest_times(self._rules, *span):
            followers = await self._followings.everybody(tx)
            changes = await changes_told(at, tx)
            notices += await asyncio.to_thread(self._digests, shelf, at, followers, changes)
        return notices

    def _reminders(self, shelf: PlanRepository, at: datetime, followers: Followers) -> list[Notice]:
        remind = cache(partial(deadline_notice, told_on(shelf, at.date(), self._calendar)))
        return [self._notice(DEADLINE, at, one, parts) for one in followers if (parts := remind(one.subjects))]

    def _digests(
        self, shelf: PlanRepository, at: datetime, followers: Followers, changes: Mapping[Chat, tuple[str, ...]]
    ) -> list[Notice]:
        soon = due_soon(shelf, at.date(), self._calendar)
        since = last_digest(self._rules, at).date()
        worth = cache(partial(is_worth_telling, soon=soon, since=since))
        sum_up = cache(partial(digest_notice, shelf, due=DueTargets(shelf, at.date(), calendar=self._calendar)))
        notices = []
        for one in followers:
            told = changes.get((one.channel, one.chat), ())
            # One that says what the last one said is not read, and after a while no other is either.
            if worth(one.subjects, told):
                notices.append(self._notice(DIGEST, at, one, sum_up(one.subjects, told)))
        return notices

    def _notice(self, name: str, at: datetime, to: Follower, parts: tuple[Answer, ...]) -> Notice:
        return Notice(name, at, to.channel, to.chat, parts, WINDOW[name], speakable(self._rules, at))

    async def _changed(self, shelf: PlanRepository, now: datetime, tx: AsyncConnection) -> list[Notice]:
        """Return the news of the plans for whom they touch."""
        news = await look(shelf, self._hashes, self._replica, now.timestamp(), tx)
        if news.differing and news.differing != self._differing:
            log.warning("these plans are not those of the other machines", plans=news.differing)
        self._differing = news.differing
        later = speakable(self._rules, now)
        notices: list[Notice] = []
        followers = await self._followings.everybody(tx) if news.changes else ()
        for change in news.changes:
            tell = cache(partial(change_notice, change, change.pairs()))
            # Of each state one notice: a plan may change twice within a minute, the grain of planned times.
            state = change.after.sha256[:12] if change.after else "removed"
            name = f"{CHANGED}:{change.plan.meta.id}:{state}"
            for one in followers:
                parts = await asyncio.to_thread(tell, one.subjects)
                notices.append(Notice(name, now, one.channel, one.chat, parts, WINDOW[CHANGED], later))
        return notices


def _look_through(shelf: PlanRepository, before: Calendar | None) -> tuple[Hashes, Calendar]:
    return hashes_of(shelf), Calendar.of(shelf, before)


async def changes_told(before: datetime, tx: AsyncConnection, only: Chat | None = None) -> dict[Chat, tuple[str, ...]]:
    """Return the headlines of the changes that each chat, or ``only`` one, was told since its last digest."""
    chat = (outbox.c.channel, outbox.c.chat)
    mine = [column == value for column, value in zip(chat, only, strict=True)] if only else []
    last = select(*chat, func.max(outbox.c.planned_at).label("at")).group_by(*chat)
    last = last.where(outbox.c.notice == DIGEST, outbox.c.planned_at < before.timestamp(), *mine)
    digest = last.subquery()
    same = and_(*(column == digest.c[column.name] for column in chat))
    told = select(*chat, outbox.c.body).outerjoin(digest, same).order_by(outbox.c.planned_at)
    since = func.coalesce(digest.c.at, 0.0)
    news = (outbox.c.notice.startswith(f"{CHANGED}:"), outbox.c.part == 1, outbox.c.planned_at > since)
    headline = cache(lambda body: msgspec.json.decode(body, type=Answer).headline)
    found: dict[Chat, dict[str, None]] = {}
    for channel, name, body in await tx.execute(told.where(*news, *mine)):
        found.setdefault((channel, name), {})[headline(body)] = None
    return {chat: tuple(headlines) for chat, headlines in found.items()}
