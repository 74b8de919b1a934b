"""Which changes of the plans are news: told once, by whose files changed, however many replicas there are.

What followers were told stands in ``known_plans``, for all; what each replica had when it last looked, in
``replicas``. A difference from what was told is news only where this replica's own files have changed since its last
look. So a plan that is copied to one replica after the other is told once, and replicas whose files differ don't
report each other's plans as added and removed in turns: the difference goes to the log. A replica that was never
there before succeeds those that are silent by now; beside living ones it first learns what it has.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.notices.changes import PlanChange
from bot.query.plan_repository import PlanRepository
from bot.store.sql import insert
from bot.store.tables import known_plans, replicas
from corpus.model import Plan

ALIVE_SECONDS = 600.0
"""A replica that has not looked for so long is not there any more."""

Hashes = dict[str, str]
"""Of each plan by its id."""


@dataclass(frozen=True, slots=True)
class News:
    """What one look at the plans has found."""

    changes: tuple[PlanChange, ...] = ()
    differing: tuple[str, ...] = ()
    """Plans that this replica has otherwise than what was told, and always had."""


async def look(shelf: PlanRepository, own: Hashes, replica: str, now: float, tx: AsyncConnection) -> News:
    """Compare the shelf's plans, whose hashes are ``own``, with what was told, and note what is told from now on.

    The very first plans are no news.
    """
    query = select(known_plans.c.plan, known_plans.c.sha256)
    known: Hashes = {row.plan: row.sha256 for row in await tx.execute(query)}
    before = await _last_look(replica, own, known, now, tx)
    await _note_look(replica, own, now, tx)
    other = [name for name in dict.fromkeys((*known, *own)) if known.get(name) != own.get(name)]
    mine = [name for name in other if before.get(name) != own.get(name)]
    changes = tuple(
        [PlanChange(await _known(name, tx), shelf.plan(name).whole if name in own else None) for name in mine]
    )
    for change in changes:
        await _know(change, tx)
    return News(changes if known else (), tuple(name for name in other if name not in mine))


def hashes_of(shelf: PlanRepository) -> Hashes:
    """Return what tells each plan's text from another."""
    return {plan.meta.id: plan.sha256 for plan in shelf.plans}


async def _last_look(replica: str, own: Hashes, known: Hashes, now: float, tx: AsyncConnection) -> Hashes:
    rows = {row.name: row for row in await tx.execute(select(replicas))}
    if replica in rows:
        return msgspec.json.decode(rows[replica].plans, type=Hashes)
    return own if any(row.looked_at > now - ALIVE_SECONDS for row in rows.values()) else known


async def _note_look(replica: str, own: Hashes, now: float, tx: AsyncConnection) -> None:
    values = {"looked_at": now, "plans": msgspec.json.encode(own).decode()}
    statement = insert(tx, replicas).values(name=replica, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=[replicas.c.name], set_=values))


async def _known(name: str, tx: AsyncConnection) -> Plan | None:
    body = (await tx.execute(select(known_plans.c.body).where(known_plans.c.plan == name))).scalar()
    return None if body is None else msgspec.json.decode(body, type=Plan)


async def _know(change: PlanChange, tx: AsyncConnection) -> None:
    await tx.execute(delete(known_plans).where(known_plans.c.plan == change.plan.meta.id))
    if change.after is not None:
        body = msgspec.json.encode(change.after).decode()
        values = {"plan": change.after.meta.id, "sha256": change.after.sha256, "body": body}
        await tx.execute(insert(tx, known_plans).values(values))
