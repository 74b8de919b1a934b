"""The outbox: every visible message of a notice is a row here before it is sent.

``due`` → ``sending`` (committed before the call, with a lease) → ``sent``. Otherwise ``retry`` (not sent, tried
again), ``failed`` (never will be), ``unknown`` (a crash or a lost answer: it may have been sent), ``missed`` (too
late), ``cancelled``. A row's key is (notice, planned time, channel, chat, part), so a notice planned twice is there
once. Nothing is ever sent twice but what its platform removes, or what an operator marks to be sent again. A part
of a notice waits until every part before it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answering.answer import Answer
from bot.notices.following import in_chat
from bot.notices.sending import Doubles, NoticePace
from bot.notices.workdays import NEVER, Quiet, is_quiet
from bot.store.database import Store
from bot.store.sql import epoch, insert
from bot.store.tables import outbox, pacing
from bot.zone import ZONE

LEASE_SECONDS = 60.0
"""Longer than any send may take: whoever holds a row longer has died."""
LONGEST_PAUSE = 3600.0
"""Seconds for which a platform's wish for a pause is kept at most: then it is asked again."""
_SLACK = 5.0
"""Seconds by which a time of another process may be ahead; one further ahead is of a clock that was put back since."""
WAITING = ("due", "retry")

Clock = Callable[[], ColumnElement[float]]
"""The time in Unix seconds, as SQL."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to one chat, as many messages as it has ``parts``."""

    name: str
    """What it is about; the same at the same time is the same notice."""
    planned: datetime
    """Aware."""
    channel: str
    chat: str
    parts: tuple[Answer, ...]
    window: float
    """Seconds after ``planned`` in which it may still be sent."""
    not_before: datetime | None = None
    """When it may be sent, if that is later than planned."""


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A row that this worker is to send now."""

    id: int
    notice: str
    planned: str
    channel: str
    chat: str
    part: int
    body: Answer
    attempts: int
    """This one included."""
    again: int
    """How often an operator has had it sent once more, though it may have been sent before."""


class Outbox:
    """The outbox of every channel."""

    def __init__(self, store: Store, worker: str = "", clock: Clock = epoch, lease: float = LEASE_SECONDS) -> None:
        """Claim rows for ``worker``, a name that no other process has, for ``lease`` seconds."""
        self.lease = lease
        self.store = store
        self._worker = worker
        self.clock = clock

    async def add(self, notices: Iterable[Notice], tx: AsyncConnection) -> int:
        """Add what is not there yet, in the transaction of what causes it; returns the number of new rows."""
        rows = [row for notice in notices for row in _rows(notice)]
        if not rows:
            return 0
        new = insert(tx, outbox).on_conflict_do_nothing().returning(outbox.c.id)
        return len((await tx.execute(new, rows)).all())

    async def claim(self, channel: str, pace: NoticePace, most: int, quiet: Quiet = NEVER) -> list[OutboxMessage]:
        """Take the messages that may go out now: the oldest of each chat, within ``pace``; committed when this returns.

        A chat whose oldest message can't go out yet waits with all others, so that parts arrive in order. In the
        ``quiet`` hours nothing goes out but what an operator has ordered again.
        """
        async with self.store.begin() as tx:
            # Also makes the claims of several workers take turns, so that together they keep the pace.
            closed_until = insert(tx, pacing).values(channel=channel, closed_until=0.0)
            closed_until = closed_until.on_conflict_do_update(
                index_elements=[pacing.c.channel], set_={"channel": channel}
            )
            returned = await tx.execute(closed_until.returning(pacing.c.closed_until, self.clock()))
            closed, now = returned.one()
            room = min([most, *[n - await self._begun(tx, channel, now, s) for n, s in pace.overall]])
            if now < closed <= now + LONGEST_PAUSE + _SLACK or room <= 0:
                return []
            chosen = select(outbox.c.id).where(outbox.c.id.in_(_oldest(channel, now)), *_ready(now))
            if is_quiet(quiet, datetime.fromtimestamp(now, ZONE)):
                chosen = chosen.where(outbox.c.again > 0)
            for number, seconds in pace.per_chat:
                chosen = chosen.where(outbox.c.chat.not_in(_full(channel, now, seconds, number)))
            chosen = chosen.order_by(outbox.c.planned_at, outbox.c.id).limit(room)
            taking = (
                update(outbox)
                .where(outbox.c.id.in_(chosen), outbox.c.state.in_(WAITING))
                .values(
                    state="sending",
                    begun_at=now,
                    lease_until=now + self.lease,
                    attempts=outbox.c.attempts + 1,
                    worker=self._worker,
                )
                .returning(*outbox.c)
            )
            return sorted(map(_message, await tx.execute(taking)), key=lambda message: message.id)

    async def _begun(self, tx: AsyncConnection, channel: str, now: float, seconds: float) -> int:
        query = select(func.count()).where(outbox.c.channel == channel, _was_begun(now, seconds))
        return int((await tx.execute(query)).scalar_one())

    async def sent(self, message: OutboxMessage, platform_id: str) -> None:
        """Note that the platform has taken a message; also when its lease ran out meanwhile."""
        await self._end(message, state="sent", message=platform_id, reason="")

    async def failed(self, message: OutboxMessage, reason: str) -> None:
        """Note that a message will never be sent."""
        await self._end(message, state="failed", reason=reason)

    async def unknown(self, message: OutboxMessage, reason: str) -> None:
        """Note that a message may have been sent or not."""
        await self._end(message, state="unknown", reason=reason)

    async def later(self, message: OutboxMessage, seconds: float, reason: str, *, everywhere: bool = False) -> None:
        """Have a message that was not sent tried again after ``seconds``, and with ``everywhere`` no other before."""
        until = self.clock() + min(seconds, LONGEST_PAUSE)
        async with self.store.begin() as tx:
            await tx.execute(_mine(message).values(state="retry", due_at=until, reason=reason, begun_at=None))
            if everywhere:
                closing = update(pacing).where(pacing.c.channel == message.channel, pacing.c.closed_until < until)
                await tx.execute(closing.values(closed_until=until))

    async def unsure(self, message: OutboxMessage, seconds: float, reason: str) -> None:
        """Have a message that may have been sent tried again: its platform removes doubles, for a while."""
        since = func.coalesce(outbox.c.unsure_since, outbox.c.begun_at)
        values = {"state": "retry", "due_at": self.clock() + seconds, "reason": reason, "unsure_since": since}
        async with self.store.begin() as tx:
            await tx.execute(_mine(message).values(values))

    async def _end(self, done: OutboxMessage, **values: str) -> None:
        async with self.store.begin() as tx:
            await tx.execute(_mine(done).values(**values))

    async def recover(self, channel: str, doubles: Doubles) -> list[str]:
        """Take back what a dead worker was sending; returns what may have been sent, for the operator.

        Where the platform drops the second of two equal messages for a while, a younger one is simply sent again.
        """
        now = self.clock()
        since = func.coalesce(outbox.c.unsure_since, outbox.c.begun_at)
        ended = or_(outbox.c.lease_until < now, outbox.c.lease_until > now + self.lease + _SLACK)
        stuck = and_(outbox.c.state == "sending", ended)
        known = outbox.c.unsure_since.between(now - doubles.seconds, now + _SLACK)
        removed_no_more = and_(outbox.c.state == "retry", outbox.c.unsure_since.is_not(None), ~known)
        checked = ~outbox.c.chat.startswith(doubles.kept_in, autoescape=True) if doubles.kept_in else true()
        async with self.store.begin() as tx:
            safe = (outbox.c.channel == channel, stuck, checked, since.between(now - doubles.seconds, now + _SLACK))
            await tx.execute(update(outbox).where(*safe).values(state="retry", due_at=now, unsure_since=since))
            lost = update(outbox).where(outbox.c.channel == channel, or_(stuck, removed_no_more))
            lost = lost.values(state="unknown", reason="the worker died while sending")
            return [name_of(row) for row in await tx.execute(lost.returning(*outbox.c))]

    async def expire(self, channel: str, tx: AsyncConnection) -> list[OutboxMessage]:
        """Mark as missed what is too late now; returns it."""
        late = (outbox.c.channel == channel, outbox.c.state.in_(WAITING), outbox.c.expires_at < self.clock())
        statement = update(outbox).where(*late).values(state="missed", reason="too late").returning(*outbox.c)
        return [_message(row) for row in await tx.execute(statement)]

    async def cancel_chat(self, channel: str, chat: str, tx: AsyncConnection) -> int:
        """Send nothing more to a chat that is gone, nor to its topics; returns how many messages that were."""
        waiting = (outbox.c.channel == channel, in_chat(outbox.c.chat, chat), outbox.c.state.in_(WAITING))
        ending = update(outbox).where(*waiting).values(state="cancelled", reason="the chat is gone")
        return (await tx.execute(ending)).rowcount

    async def move_chat(self, channel: str, old: str, new: str, tx: AsyncConnection) -> None:
        """Send to a chat's new id what waits for the old one."""
        theirs = (outbox.c.channel == channel, outbox.c.state.in_(WAITING))
        taken = select(outbox.c.notice, outbox.c.planned, outbox.c.part).where(
            outbox.c.channel == channel, outbox.c.chat == new
        )
        known = {tuple(row) for row in await tx.execute(taken)}
        for row in await tx.execute(select(*outbox.c).where(*theirs, outbox.c.chat == old)):
            one = update(outbox).where(outbox.c.id == row.id)
            if (row.notice, row.planned, row.part) in known:
                await tx.execute(one.values(state="cancelled", reason=f"planned for {new} too"))
            else:
                await tx.execute(one.values(chat=new, state="due"))


def name_of(row: Row[Any] | OutboxMessage) -> str:
    """Return a message's key as one line."""
    return f"{row.notice} {row.planned} {row.channel} {row.chat} {row.part}"


def _rows(notice: Notice) -> Sequence[dict[str, object]]:
    at = notice.planned.timestamp()
    due = max(at, notice.not_before.timestamp()) if notice.not_before else at
    shared = {
        "notice": notice.name,
        "planned": notice.planned.isoformat(timespec="minutes"),
        "channel": notice.channel,
        "chat": notice.chat,
        "state": "due",
        "planned_at": at,
        "due_at": due,
        "expires_at": due + notice.window,
        "attempts": 0,
        "worker": "",
        "message": "",
        "reason": "",
        "again": 0,
    }
    return [
        {**shared, "part": number, "body": msgspec.json.encode(part).decode()}
        for number, part in enumerate(notice.parts, 1)
    ]


def _message(row: Row[Any]) -> OutboxMessage:
    body = msgspec.json.decode(row.body, type=Answer)
    key = (row.notice, row.planned, row.channel, row.chat, row.part)
    return OutboxMessage(row.id, *key, body, row.attempts, row.again)


def _mine(message: OutboxMessage) -> Any:  # noqa: ANN401 - an Update, which takes its table as a type
    """Return an update of the row of this very attempt, as long as nobody has begun another."""
    same = (outbox.c.id == message.id, outbox.c.attempts == message.attempts)
    return update(outbox).where(*same, outbox.c.state.in_(("sending", "unknown")))


def _ready(now: float) -> tuple[ColumnElement[bool], ...]:
    # Only what waits to be tried again has a due time that was reckoned from the time of then.
    strange = and_(outbox.c.state == "retry", outbox.c.due_at > now + LONGEST_PAUSE + _SLACK)
    return outbox.c.state.in_(WAITING), or_(outbox.c.due_at <= now, strange), outbox.c.expires_at >= now


def _was_begun(now: float, seconds: float) -> ColumnElement[bool]:
    """Whether sending a row was begun within the last seconds."""
    return and_(outbox.c.begun_at > now - seconds, outbox.c.begun_at <= now + _SLACK)


def _oldest(channel: str, now: float) -> Any:  # noqa: ANN401 - a Select of ids
    """Return the ids of the first open message of each chat, whether it may go out or not."""
    turn = func.row_number().over(partition_by=outbox.c.chat, order_by=(outbox.c.planned_at, outbox.c.id))
    open_ = or_(and_(outbox.c.state.in_(WAITING), ~_held_back()), outbox.c.state == "sending")
    ranked = select(outbox.c.id, turn.label("turn")).where(
        and_(outbox.c.channel == channel, open_, outbox.c.planned_at <= now)
    )
    first = ranked.subquery()
    return select(first.c.id).where(first.c.turn == 1)


def _held_back() -> ColumnElement[bool]:
    """Whether a part before this one is not sent: it alone would not be understood, and may be sent yet."""
    before = outbox.alias("before")
    same = [before.c[name] == outbox.c[name] for name in ("notice", "planned", "channel", "chat")]
    return and_(outbox.c.part > 1, exists().where(*same, before.c.part < outbox.c.part, before.c.state != "sent"))


def _full(channel: str, now: float, seconds: float, most: int) -> Any:  # noqa: ANN401 - a Select of chats
    """Return the chats to which ``most`` messages were begun within the last seconds."""
    begun = select(outbox.c.chat).where(outbox.c.channel == channel, _was_begun(now, seconds))
    return begun.group_by(outbox.c.chat).having(func.count() >= most)
