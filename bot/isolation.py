"""Ends a failure where it happened: one update, one notice, one channel, and never what runs beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def isolated(work: Awaitable[T]) -> T | Exception:
    """Return what ``work`` returns, or the exception that it raised; a cancellation passes through."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - whatever a platform's library or a mistake of ours raises, the rest goes on
        return error


async def stop_tasks(*tasks: asyncio.Task[object]) -> None:
    """Cancel tasks and wait until they have ended; what they raise meanwhile is of no interest any more."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
    for task in tasks:
        # Looked at, so that the event loop does not report it as forgotten.
        if not task.cancelled():
            task.exception()
