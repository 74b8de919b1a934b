"""Draws the picture of an answer off the event loop, one at a time: it takes some tenths of a second of one core.

The last ones are kept, since what one person looks at is often what the next one in the office does.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from bot.answering.answer import Answer
from bot.render.card.draw import NoCardError, Picture, draw
from bot.render.card.fonts import FontError

_KEPT = 32
_drawn = lru_cache(_KEPT)(draw)
_one = ThreadPoolExecutor(1, thread_name_prefix="card")


async def picture_of(answer: Answer) -> Picture | str:
    """Return an answer's picture, or the line that says why there is none."""
    try:
        return await asyncio.get_running_loop().run_in_executor(_one, _drawn, answer)
    except (NoCardError, FontError) as error:
        return str(error)
