"""Plans what is to be told: looks at the clock and at the plans, and puts rows into the outbox.

A mark in the store says up to which time everything was planned. After an outage what was due meanwhile is planned
at its own time, so it is sent late or told as missed, never dropped. Several replicas may plan: they take turns on
the mark's row, and a notice's key keeps it single.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import cache, partial

import msgspec
import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answering.answer import Answer
from bot.isolation import isolated
from bot.notices.changes import change_notice
from bot.notices.deadlines import deadline_notice
from bot.notices.digest import digest_notice, is_worth_telling
from bot.notices.following import Follower, Followings
from bot.notices.ledger import Ledger
from bot.notices.outbox import Notice, Outbox
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
        self._hashed: PlanRepository | None = None
        self._hashes: Hashes = {}

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
        followers = await self._followings.everybody()
        async with self._outbox.store.begin() as tx:
            since, now = await self._take_turn(tx)
            notices = await self._scheduled(shelf, followers, (since, now), tx)
            notices += await self._changed(shelf, followers, now, tx)
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

    async def _scheduled(
        self, shelf: PlanRepository, followers: Followers, span: Span, tx: AsyncConnection
    ) -> list[Notice]:
        # Written in a thread, once for all who follow the same: who asks meanwhile does not wait.
        notices = []
        for at in mornings(self._rules, *span):
            remind = cache(partial(deadline_notice, shelf, today=at.date()))
            for one in followers:
                parts = await asyncio.to_thread(remind, one.subjects)
                notices.append(self._notice(DEADLINE, at, one, parts))
        for at in digest_times(self._rules, *span):
            sum_up = cache(partial(digest_notice, shelf, today=at.date()))
            worth = cache(partial(is_worth_telling, shelf, today=at.date(), since=last_digest(self._rules, at).date()))
            for one in followers:
                changes = await changes_for(one, at, tx)
                # One that says what the last one said is not read, and after a while no other is either.
                if await asyncio.to_thread(worth, one.subjects, changes):
                    parts = await asyncio.to_thread(sum_up, one.subjects, changes)
                    notices.append(self._notice(DIGEST, at, one, parts))
        return notices

    def _notice(self, name: str, at: datetime, to: Follower, parts: tuple[Answer, ...]) -> Notice:
        return Notice(name, at, to.channel, to.chat, parts, WINDOW[name], speakable(self._rules, at))

    async def _changed(
        self, shelf: PlanRepository, followers: Followers, now: datetime, tx: AsyncConnection
    ) -> list[Notice]:
        """Return the news of the plans for whom they touch."""
        if shelf is not self._hashed:
            self._hashes, self._hashed = await asyncio.to_thread(hashes_of, shelf), shelf
        news = await look(shelf, self._hashes, self._replica, now.timestamp(), tx)
        if news.differing and news.differing != self._differing:
            log.warning("these plans are not those of the other machines", plans=news.differing)
        self._differing = news.differing
        later = speakable(self._rules, now)
        notices = []
        for change in news.changes:
            tell = cache(partial(change_notice, change, change.pairs()))
            # Of each state one notice: a plan may change twice within a minute, the grain of planned times.
            state = change.after.sha256[:12] if change.after else "removed"
            name = f"{CHANGED}:{change.plan.meta.id}:{state}"
            for one in followers:
                parts = await asyncio.to_thread(tell, one.subjects)
                notices.append(Notice(name, now, one.channel, one.chat, parts, WINDOW[CHANGED], later))
        return notices


async def changes_for(follower: Follower, before: datetime, tx: AsyncConnection) -> tuple[str, ...]:
    """Return the headlines of the changes that a chat was told since its last digest."""
    mine = (outbox.c.channel == follower.channel, outbox.c.chat == follower.chat)
    last = select(func.max(outbox.c.planned_at)).where(
        *mine, outbox.c.notice == DIGEST, outbox.c.planned_at < before.timestamp()
    )
    since = (await tx.execute(last)).scalar() or 0.0
    told = select(outbox.c.body).where(
        *mine, outbox.c.notice.startswith(f"{CHANGED}:"), outbox.c.planned_at > since, outbox.c.part == 1
    )
    bodies = (await tx.execute(told.order_by(outbox.c.planned_at))).scalars()
    return tuple(dict.fromkeys(msgspec.json.decode(body, type=Answer).headline for body in bodies))
