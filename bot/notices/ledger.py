"""The operator's view of the outbox: counts, what needs a decision, and the decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import delete, func, select, update

from bot.answering.answer import Answer
from bot.notices.outbox import WAITING, Clock
from bot.store.database import Store
from bot.store.sql import epoch
from bot.store.tables import confirmations, outbox
from bot.zone import ZONE

TROUBLE = ("unknown", "failed", "missed")
"""What the operator should look at."""
RESEND_SECONDS = 86400.0
"""For how long a message may be sent that was ordered again."""
_KEEP_SECONDS = 400 * 86400.0
_ENDED = ("sent", "failed", "unknown", "missed", "cancelled")


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A row of the outbox as the operator sees it."""

    id: int
    state: str
    notice: str
    planned: datetime
    channel: str
    chat: str
    part: int
    headline: str
    reason: str


class Ledger:
    """The outbox of every channel, for the operator."""

    def __init__(self, store: Store, clock: Clock = epoch) -> None:
        """Look into the outbox of ``store``."""
        self._store = store
        self._clock = clock

    async def counts(self) -> dict[tuple[str, str], int]:
        """Return the number of rows by channel and state."""
        query = select(outbox.c.channel, outbox.c.state, func.count()).group_by(outbox.c.channel, outbox.c.state)
        async with self._store.read() as tx:
            return {(row[0], row[1]): row[2] for row in await tx.execute(query.order_by(*query.selected_columns[:2]))}

    async def lines(self, states: Sequence[str] = TROUBLE, most: int = 50) -> list[LedgerLine]:
        """Return the newest rows in these states."""
        query = select(outbox).where(outbox.c.state.in_(states)).order_by(outbox.c.planned_at.desc(), outbox.c.id)
        async with self._store.read() as tx:
            return [
                LedgerLine(
                    row.id,
                    row.state,
                    row.notice,
                    datetime.fromtimestamp(row.planned_at, ZONE),
                    row.channel,
                    row.chat,
                    row.part,
                    msgspec.json.decode(row.body, type=Answer).headline,
                    row.reason,
                )
                for row in await tx.execute(query.limit(most))
            ]

    async def resend(self, number: int) -> bool:
        """Have a message sent once more, marked so; False unless it is unknown, failed or missed."""
        now = self._clock()
        statement = update(outbox).where(outbox.c.id == number, outbox.c.state.in_(TROUBLE))
        values = {"state": "due", "due_at": now, "expires_at": now + RESEND_SECONDS, "unsure_since": None}
        async with self._store.begin() as tx:
            return (await tx.execute(statement.values(again=outbox.c.again + 1, **values))).rowcount == 1

    async def cancel(self, number: int) -> bool:
        """Never send a message nor the parts after it, or put one away that needed a decision.

        False for what is sent or being sent.
        """
        open_ = outbox.c.state.in_((*WAITING, *TROUBLE))
        cancelling = update(outbox).where(open_).values(state="cancelled", reason="by the operator")
        key = [outbox.c[name] for name in ("notice", "planned", "channel", "chat")]
        async with self._store.begin() as tx:
            one = (await tx.execute(cancelling.where(outbox.c.id == number).returning(*key, outbox.c.part))).first()
            if one is not None:
                same = [column == value for column, value in zip(key, one, strict=False)]
                await tx.execute(cancelling.where(*same, outbox.c.part > one.part))
        return one is not None

    async def forget(self) -> None:
        """Delete what ended more than a year ago, and who confirmed an announcement then."""
        limit = self._clock() - _KEEP_SECONDS
        old = outbox.c.planned_at < limit
        async with self._store.begin() as tx:
            await tx.execute(delete(outbox).where(old, outbox.c.state.in_(_ENDED)))
            await tx.execute(delete(confirmations).where(confirmations.c.at < limit))
