"""Notices that plans or aliases were added, replaced or removed, and opens the new: no restart, no message lost.

Until the new one is open, questions are answered from the old one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.conversation.asking import Asker
from bot.messages import say
from index.errors import StorageError

SECONDS = 5.0
"""Between two looks at the folder of added plans."""
log = structlog.get_logger()

Mark = frozenset[tuple[str, int, int]]


def plans_mark(folder: Path, *files: Path) -> Mark:
    """Return what tells one state of the folder and the files from another: each file's name, time and size."""
    found = set()
    for path in (*folder.glob("*"), *files):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue  # it was removed between the listing and the look
        if not path.name.startswith("."):
            found.add((path.name, stat.st_mtime_ns, stat.st_size))
    return frozenset(found)


async def watch_plans(
    asker: Asker,
    folder: Path,
    *files: Path,
    opened: Callable[[], None] = lambda: None,
    seconds: float = SECONDS,
) -> None:
    """Open the answerer again whenever the plans in ``folder`` or ``files`` change, and call ``opened``, for ever.

    An unreadable plan is logged.
    """
    seen = plans_mark(folder, *files)
    while True:
        await asyncio.sleep(seconds)
        mark = plans_mark(folder, *files)
        if mark != seen:
            seen = mark
            await _open_again(asker, opened)


async def watch_index(
    asker: Asker, url: str, *, opened: Callable[[], None] = lambda: None, seconds: float = SECONDS
) -> None:
    """Open the answerer again whenever anyone has changed the index in the database, and call ``opened``, for ever."""
    from index.postgres.watch import generations

    async for generation in generations(url, seconds):
        if asker.is_open and generation != asker.generation:
            await _open_again(asker, opened)


async def _open_again(asker: Asker, opened: Callable[[], None]) -> None:
    log.info(say("run.plans_changed"))
    try:
        await asker.open()
    except StorageError as error:
        log.warning(say("run.plans_unreadable", reason=str(error)))
    else:
        log.info(say("run.ready"))
        opened()
