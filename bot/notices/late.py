"""What was missed is told: one line a day to the chat that waited for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answering.answer import Answer, AnswerKind
from bot.messages import say
from bot.notices.outbox import Notice, Outbox, OutboxMessage
from bot.zone import ZONE

MISSED = "missed"
_WINDOW = 7 * 86400.0


async def tell_missed(outbox: Outbox, missed: Sequence[OutboxMessage], tx: AsyncConnection) -> None:
    """Plan the line for each chat; what was itself such a line is only in the log and the operator's list."""
    named = {(one.channel, one.chat): one for one in reversed(missed) if one.notice != MISSED}
    if not named:
        return
    now = float((await tx.execute(select(outbox.clock()))).scalar_one())
    at = datetime.fromtimestamp(now, ZONE)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [Notice(MISSED, day, *where, (_line(one),), _WINDOW, not_before=at) for where, one in named.items()]
    await outbox.add(lines, tx)


def _line(message: OutboxMessage) -> Answer:
    planned = datetime.fromisoformat(message.planned)
    when = say("notices.moment", month=planned.month, day=planned.day, time=f"{planned:%H:%M}")
    return Answer(AnswerKind.FACT, True, say("notices.missed", when=when, headline=message.body.headline))
