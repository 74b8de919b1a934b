"""Asks the ``Answerer`` off the event loop.

Two pools: questions that wait for the embedding model have their own threads, so that a slow one delays no
structured answer. The interpreter's lock is released inside the model's own code.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import structlog

from bot.answering.answer import Answer
from bot.conversation.answerer import Answerer, Suggestion
from bot.notices.subjects import Subjects
from bot.query.chat_state import ChatState
from bot.query.query import Query
from bot.store.text import clean
from bot.turns import By, Turn, Watcher

STRUCTURED_THREADS = 2
MODEL_THREADS = 4
"""Questions that come while the model works are embedded together, in its next pass."""

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger()


class Asker:
    """The one way in which channels ask."""

    def __init__(self, opening: Callable[[], Answerer], watchers: Sequence[Watcher] = ()) -> None:
        """Ask what ``opening`` returns; it may take long, and runs when ``open`` is awaited."""
        self._opening = opening
        self._watchers = watchers
        self._opened: Answerer | None = None
        self._is_open = asyncio.Event()
        # Of its own: asyncio's default threads are waited for at the end, and an index may take long to make.
        self._opener = ThreadPoolExecutor(1, thread_name_prefix="open")
        self._structured = ThreadPoolExecutor(STRUCTURED_THREADS, thread_name_prefix="ask")
        self._model = ThreadPoolExecutor(MODEL_THREADS, thread_name_prefix="model")

    async def open(self) -> None:
        """Open the answerer; what is asked before waits for it."""
        self._opened = await _run(self._opener, self._opening)
        self._is_open.set()

    async def opened(self) -> None:
        """Wait until questions are answered."""
        await self._is_open.wait()

    async def _answerer(self) -> Answerer:
        while self._opened is None:
            await self._is_open.wait()
        return self._opened

    @property
    def is_open(self) -> bool:
        """Whether questions are answered now, and not when the index is ready."""
        return self._opened is not None

    @property
    def generation(self) -> int:
        """Number of the state that is answered from, where an index that is shared has one; 0 before it is open."""
        return self._opened.generation if self._opened is not None else 0

    @property
    def model_loaded(self) -> bool:
        """Whether the embedding model is in memory: soon after the start, or with the first question that needs it."""
        return self._opened is not None and self._opened.model_loaded

    async def warm(self) -> None:
        """Load the model before anyone needs it; what the plans' data answers does not wait meanwhile."""
        await _run(self._model, (await self._answerer()).warm)

    async def ask(self, text: str, state: ChatState, *, by: By | None = None) -> tuple[Answer, ChatState]:
        """Answer one message; ``by`` is who asked, None for what nobody typed: that is neither logged nor counted."""
        text = clean(text)
        answerer = await self._answerer()
        began = time.perf_counter()
        heard = await _run(self._structured, answerer.hear, text, state)
        by_model = heard.needs_model
        answer, after = await _run(self._model if by_model else self._structured, answerer.answer, heard)
        if by is not None:
            self._tell(Turn(by, text, answer, time.perf_counter() - began, by_model))
        return answer, after

    async def answer_query(self, query: Query) -> Answer:
        """Answer a query as it stands; one that needs a search may wait for the model."""
        answerer = await self._answerer()
        return await _run(self._model, answerer.answer_query, query)

    def _tell(self, turn: Turn) -> None:
        answer = turn.answer
        log.info("answered", kind=answer.kind, declined=answer.declined, seconds=round(turn.seconds, 3))
        for watcher in self._watchers:
            watcher(turn)

    async def suggest(self, typed: str, limit: int, offset: int) -> tuple[Suggestion, ...]:
        """Return what matches ``typed``, best first; never uses the model."""
        suggest = (await self._answerer()).suggest
        return await _run(self._structured, suggest, typed, limit, offset)

    async def districts(self) -> tuple[str, ...]:
        """Return the districts that have a plan."""
        districts = (await self._answerer()).districts
        return await _run(self._structured, districts)

    async def look(self, look: Callable[[Answerer], T]) -> T:
        """Return what ``look`` finds in the plans of now; it must not need the model."""
        return await _run(self._structured, look, await self._answerer())

    async def subjects(self) -> Subjects:
        """Return what can be followed in the plans of now."""
        answerer = await self._answerer()
        return Subjects(answerer.shelf, answerer.reader)

    def close(self) -> None:
        """Let the threads end; what has not begun is dropped."""
        self._opener.shutdown(wait=False, cancel_futures=True)
        self._structured.shutdown(wait=False, cancel_futures=True)
        self._model.shutdown(wait=False, cancel_futures=True)


async def _run(pool: ThreadPoolExecutor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` in the pool with this task's context, so that what it logs bears the message's id."""
    within = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: within.run(work, *args, **kwargs))
