"""How long planning takes for many followers of many plans: a tick on which nothing is told, and on which much is.

``scripts/bench planning``. Synthetic plans in a catalogue of their own (no words, no vectors), followers of units,
districts, plans and indicators in SQLite. The floor beside each is what the tick can't do without: reading who follows,
and writing as many rows to the outbox. Wall and processor time, and the machine's load, stand with every figure.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table
from sqlalchemy import delete, literal, update

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.answering.answer import Answer, AnswerKind
from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.outbox import Notice, Outbox
from bot.notices.planner import Planner
from bot.notices.workdays import CalendarRules, is_working
from bot.query.plan_repository import PlanRepository
from bot.store.database import Store
from bot.store.tables import followings, marks, outbox
from bot.zone import ZONE
from corpus.library.added import PlanStore
from corpus.library.shipped import plan_sources
from corpus.model import Plan
from index.local.catalogue_writer import CatalogueWriter
from index.local.sqlite_catalogue import SqliteCatalogue
from scripts.synthetic.corpus import identities, stored
from scripts.synthetic.plans import make_plan

SEED = 1
EACH = 3
"""Subjects that a chat follows."""


def catalogue(folder: Path, plans: int) -> PlanRepository:
    """Write so many plans and return what they are read from."""
    store = PlanStore(folder / "plans")
    for number, (identity, _) in enumerate(zip(identities(SEED), range(plans), strict=False)):
        store.add(stored(make_plan(SEED, *identity), number))
    (folder / "catalogue").mkdir()
    with CatalogueWriter(folder / "catalogue") as writer:
        sources = [one for one in plan_sources(folder / "plans") if one.added]
        ids = [_add(writer, source.plan(), source.key) for source in sources]
        writer.put_in_order(ids)
    return PlanRepository(SqliteCatalogue(folder / "catalogue"))


def _add(writer: CatalogueWriter, plan: Plan, key: str) -> str:
    writer.add(plan, key, key, bare=True)
    return plan.meta.id


def subjects(shelf: PlanRepository, random: Random) -> Iterator[Subject]:
    """Yield things to follow, most of them units of one district."""
    metas = shelf.metas
    keys = tuple(shelf.keys)
    names = shelf.catalogue.indicator_names()
    while True:
        meta = random.choice(metas)
        kind = random.choices((*SubjectKind,), (80, 5, 10, 5))[0]
        key, district = {
            SubjectKind.UNIT: (random.choice(keys), random.choice((meta.district, meta.district, ""))),
            SubjectKind.INDICATOR: (random.choice(names), ""),
            SubjectKind.PLAN: (meta.id, meta.district),
            SubjectKind.DISTRICT: (meta.district, meta.district),
        }[kind]
        yield Subject(kind, key, district, key)


async def follow(store: Store, shelf: PlanRepository, chats: int) -> None:
    """Let so many chats follow."""
    random = Random(SEED)
    wanted = subjects(shelf, random)
    rows = [
        {"channel": "bench", "chat": str(chat), "kind": one.kind, "subject": one.key, "district": one.district,
         "name": one.name, "since": 0.0}
        for chat in range(chats) for one in {next(wanted) for _ in range(EACH)}
    ]  # fmt: skip
    async with store.begin() as tx:
        await tx.execute(followings.insert(), rows)


async def timed(work: Callable[[], Awaitable[object]]) -> tuple[float, float, object]:
    """Return wall and processor seconds of one piece of work, and what it gave."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = await work()
    return time.perf_counter() - wall, time.process_time() - cpu, found


def morning(wanted: Callable[[date], bool]) -> datetime:
    """Return nine o'clock of the first working day of 2026 that is wanted."""
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(365))
    day = next(day for day in days if is_working(day) and wanted(day))
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)


async def measure(folder: Path, plans: int, chats: int) -> Table:
    """Return the table of figures."""
    shelf = catalogue(folder, plans)
    store = Store(f"sqlite+aiosqlite:///{folder / 'bench.db'}")
    await store.open()
    await follow(store, shelf, chats)
    now = [morning(lambda _: True) - timedelta(hours=1)]
    box = Outbox(store, clock=lambda: literal(now[0].timestamp()))

    async def shelves() -> PlanRepository:
        return shelf

    planner = Planner(box, shelves, CalendarRules())
    table = Table(f"{len(shelf.metas)} plans, {chats} followers", "wall s", "CPU s", "messages", "load")

    async def row(name: str, work: Callable[[], Awaitable[object]]) -> object:
        wall, cpu, found = await timed(work)
        told = str(found) if isinstance(found, int) else ""
        table.add_row(name, f"{wall:.2f}", f"{cpu:.2f}", told, f"{os.getloadavg()[0]:.1f}")
        return found

    await row("first look at all plans, once after a start", planner.tick)
    moments = {
        "a tick between two mornings": now[0] + timedelta(minutes=1),
        "a morning, nothing due": morning(lambda day: day.month == 2 and day.day > 10),
        "a Monday's digests, nothing due soon": morning(lambda day: day.month == 3 and day.weekday() == 0),
        "a morning, 90 days before a year ends": datetime(2026, 9, 30, 9, tzinfo=ZONE),
    }
    for name, at in moments.items():
        async with store.begin() as tx:
            await tx.execute(delete(outbox))
            await tx.execute(update(marks).values(at=at.timestamp() - 1))
        now[0] = at
        await row(name, planner.tick)
        await row("  floor: reading who follows", Followings(store).everybody)
        await row("  floor: writing as many messages", lambda: _rewrite(store, box))
    await store.close()
    return table


async def _rewrite(store: Store, box: Outbox) -> int:
    """Write the messages that are in the outbox once more, under another name; returns how many."""
    async with store.begin() as tx:
        count = len((await tx.execute(outbox.select())).all())
        body = Answer(AnswerKind.FACT, answered=True, headline="到期提醒" * 50)
        at = datetime(2026, 1, 1, tzinfo=ZONE)
        return await box.add((Notice("floor", at, "bench", f"{one}", (body,), 60.0) for one in range(count)), tx)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=1_000)
    parser.add_argument("--followers", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Console(width=120).print(asyncio.run(measure(Path(folder), given.plans, given.followers)))


if __name__ == "__main__":
    main()
