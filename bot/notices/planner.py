"""Plans what is to be told: looks at the clock and at the plans, and puts rows into the outbox.

A mark in the store says up to which time everything was planned. After an outage what was due meanwhile is planned
at its own time, so it is sent late or told as missed, never dropped. Several replicas may plan: they take turns on
the mark's row, and a notice's key keeps it single.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ask.answer import Answer
from bot.ask.shelf import Shelf
from bot.notices.changes import Change, change_notice
from bot.notices.deadlines import deadline_notice
from bot.notices.digest import digest_notice
from bot.notices.following import Follower, Followings
from bot.notices.ledger import Ledger
from bot.notices.outbox import Notice, Outbox
from bot.notices.workdays import ZONE, Rules, digest_times, mornings, speakable
from bot.store.sql import insert
from bot.store.tables import known_plans, marks, outbox
from corpus.model import Plan

DEADLINE, DIGEST, CHANGED = "deadline", "digest", "plan"
WINDOW = {DEADLINE: 12 * 3600.0, DIGEST: 12 * 3600.0, CHANGED: 3 * 86400.0}
"""Seconds in which each may still be sent; later it is missed."""
EVERY = 30.0
"""Seconds between two looks at the clock."""
_FORGET_EVERY = 86400.0
_MARK = "planned"

Plans = Callable[[], Awaitable[tuple[Plan, ...]]]
Followers = tuple[Follower, ...]
Span = tuple[datetime, datetime]

log = structlog.get_logger()


class Planner:
    """The calendar of every channel."""

    def __init__(self, outbox_: Outbox, plans: Plans, rules: Rules) -> None:
        """Plan into ``outbox_`` what ``plans`` hold, at the times of ``rules``."""
        self._outbox = outbox_
        self._followings = Followings(outbox_.store)
        self._plans = plans
        self._rules = rules

    async def run(self) -> None:
        """Plan until cancelled."""
        forgotten = -_FORGET_EVERY
        clock = asyncio.get_running_loop().time
        while True:
            # gather, so that nothing which goes wrong once ends the calendar for good.
            (outcome,) = await asyncio.gather(self.tick(), return_exceptions=True)
            if isinstance(outcome, (SQLAlchemyError, OSError)):
                log.warning("notices can't be planned now", error=type(outcome).__name__)
            elif isinstance(outcome, BaseException):
                log.error("notices could not be planned", exc_info=outcome)
            elif clock() - forgotten >= _FORGET_EVERY:
                await self._forget()
                forgotten = clock()
            await asyncio.sleep(EVERY)

    async def _forget(self) -> None:
        try:
            await Ledger(self._outbox.store).forget()
        except (SQLAlchemyError, OSError) as error:
            log.warning("old notices can't be deleted now", error=type(error).__name__)

    async def tick(self) -> int:
        """Plan everything up to now; returns the number of new messages."""
        plans = await self._plans()
        followers = await self._followings.everybody()
        async with self._outbox.store.begin() as tx:
            since, now = await self._take_turn(tx)
            notices = await self._scheduled(Shelf(plans), followers, (since, now), tx)
            notices += await self._changed(plans, followers, now, tx)
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

    async def _scheduled(self, shelf: Shelf, followers: Followers, span: Span, tx: AsyncConnection) -> list[Notice]:
        notices = []
        for at in mornings(self._rules, *span):
            for follower in followers:
                parts = deadline_notice(shelf, follower, at.date())
                notices.append(Notice(DEADLINE, at, follower.channel, follower.chat, parts, WINDOW[DEADLINE]))
        for at in digest_times(self._rules, *span):
            for follower in followers:
                parts = digest_notice(shelf, follower, at.date(), await changes_for(follower, at, tx))
                notices.append(Notice(DIGEST, at, follower.channel, follower.chat, parts, WINDOW[DIGEST]))
        return notices

    async def _changed(
        self, plans: tuple[Plan, ...], followers: Followers, now: datetime, tx: AsyncConnection
    ) -> list[Notice]:
        """Compare the plans with those known, and know them from now on; the very first plans are no news."""
        known = {row.plan: row for row in await tx.execute(select(known_plans))}
        there = {plan.meta.id: plan for plan in plans}
        changes = [
            Change(_decoded(known[name].body) if name in known else None, there.get(name))
            for name in dict.fromkeys((*known, *there))
            if name not in known or name not in there or known[name].sha256 != there[name].sha256
        ]
        for change in changes:
            await _know(change, tx)
        if not known:
            return []
        later = speakable(self._rules, now)
        return [
            Notice(f"{CHANGED}:{change.plan.meta.id}", now, one.channel, one.chat, parts, WINDOW[CHANGED], later)
            for change in changes for pairs in (change.pairs(),) for one in followers
            if (parts := change_notice(change, pairs, one))
        ]  # fmt: skip


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


async def _know(change: Change, tx: AsyncConnection) -> None:
    await tx.execute(delete(known_plans).where(known_plans.c.plan == change.plan.meta.id))
    if change.after is not None:
        body = msgspec.json.encode(change.after).decode()
        values = {"plan": change.after.meta.id, "sha256": change.after.sha256, "body": body}
        await tx.execute(insert(tx, known_plans).values(values))


def _decoded(body: str) -> Plan:
    return msgspec.json.decode(body, type=Plan)
