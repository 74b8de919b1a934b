"""Tells a reader at once that the index has changed: by the change's own notice, and by a look now and then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg

from index.postgres.database import SECONDS
from index.postgres.tables import CHANNEL

_NOW = "SELECT generation FROM wence_index.state"


async def generations(url: str, seconds: float) -> AsyncIterator[int]:
    """Yield the number of the current state after each change, and every ``seconds``, for ever.

    A database that does not answer is asked again later; whoever answers from it notices that on its own.
    """
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                url, autocommit=True, connect_timeout=int(SECONDS)
            ) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                while True:
                    for (number,) in await (await connection.execute(_NOW)).fetchall():
                        yield number
                    async for _ in connection.notifies(timeout=seconds, stop_after=1):
                        pass
        except psycopg.Error:
            await asyncio.sleep(seconds)
