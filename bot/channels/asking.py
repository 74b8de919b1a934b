"""Asks the ``Answerer`` off the event loop.

Two pools: questions that wait for the embedding model have their own thread, so that a slow one delays no
structured answer. The interpreter's lock is released inside the model's own code.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.ask.answer import Answer
from bot.ask.answerer import Answerer, Suggestion
from bot.ask.conversation import ChatState
from bot.notices.subjects import Subjects

STRUCTURED_THREADS = 2
MODEL_THREADS = 1
"""The model itself uses every core; a second question would only slow the first."""

Busy = Callable[[], AbstractAsyncContextManager[None]]
"""Opened while the model works: a channel shows there that it is busy."""


@asynccontextmanager
async def _silent() -> AsyncIterator[None]:
    yield


class Asker:
    """The one way in which channels ask."""

    def __init__(self, opening: Callable[[], Answerer]) -> None:
        """Ask what ``opening`` returns; it may take long, and runs when ``open`` is awaited."""
        self._opening = opening
        self._opened: Answerer | None = None
        self._is_open = asyncio.Event()
        self._structured = ThreadPoolExecutor(STRUCTURED_THREADS, thread_name_prefix="ask")
        self._model = ThreadPoolExecutor(MODEL_THREADS, thread_name_prefix="model")

    async def open(self) -> None:
        """Open the answerer; what is asked before waits for it."""
        self._opened = await asyncio.to_thread(self._opening)
        self._is_open.set()

    async def _answerer(self) -> Answerer:
        while self._opened is None:
            await self._is_open.wait()
        return self._opened

    async def ask(self, text: str, state: ChatState, busy: Busy = _silent) -> tuple[Answer, ChatState]:
        """Answer one message; ``busy`` is open while it waits for the model."""
        answerer = await self._answerer()
        loop = asyncio.get_running_loop()
        if await loop.run_in_executor(self._structured, answerer.needs_model, text, state):
            async with busy():
                return await loop.run_in_executor(self._model, answerer.ask, text, state)
        return await loop.run_in_executor(self._structured, answerer.ask, text, state)

    async def suggest(self, typed: str, limit: int, offset: int) -> tuple[Suggestion, ...]:
        """Return what matches ``typed``, best first; never uses the model."""
        suggest = (await self._answerer()).suggest
        return await asyncio.get_running_loop().run_in_executor(self._structured, suggest, typed, limit, offset)

    async def districts(self) -> tuple[str, ...]:
        """Return the districts that have a plan."""
        districts = (await self._answerer()).districts
        return await asyncio.get_running_loop().run_in_executor(self._structured, districts)

    async def subjects(self) -> Subjects:
        """Return what can be followed in the plans of now."""
        answerer = await self._answerer()
        return Subjects(answerer.shelf, answerer.understanding)

    def close(self) -> None:
        """Let the threads end; what has not begun is dropped."""
        self._structured.shutdown(wait=False, cancel_futures=True)
        self._model.shutdown(wait=False, cancel_futures=True)
