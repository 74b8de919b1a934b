"""Notes what people asked in vain: questions that were declined, or answered without being sure.

Only where the operator has said so. Who asked is kept as a keyed hash, long numbers are masked, and rows end with
their days.
"""

from __future__ import annotations

import asyncio
import hashlib
import re

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.query.search import SURE_ENOUGH
from bot.reading.text import clean
from bot.store.unanswered import UnansweredLog, UnansweredQuestion
from bot.turns import By, Turn

WEAK = "weak"
"""The reason of what was answered, though barely."""
DISLIKED = "disliked"
"""The reason of what somebody found wrong in the answer."""
WEAK_BELOW = SURE_ENOUGH + 0.25
"""Confidence under which an answer counts as weak."""
FORGET_EVERY = 3600.0
"""Seconds."""
_NO_QUESTION = ("empty.headline", "decline.no_last", "decline_asked.abuse")
"""Declines of what no plan or alias would answer."""
_MOST_WAITING = 1000
_LONGEST = 255
_NO_MATTER = re.compile(r"[\W_]+")
_LONG_NUMBER = re.compile(r"\d{6,}")
"""A telephone number, an identity card: nothing that a plan answers."""

log = structlog.get_logger()


class UnansweredRecorder:
    """Takes turns on the event loop and writes gaps beside it, so that no answer waits for the database."""

    def __init__(self, gaps: UnansweredLog, key: bytes, *, keep: bool, days: int) -> None:
        """Keep gaps in ``gaps``, or none without ``keep``; delete those older than ``days`` in both cases."""
        self._gaps = gaps
        self._key = key
        self._keep = keep
        self._days = days
        self._waiting: asyncio.Queue[UnansweredQuestion] = asyncio.Queue(_MOST_WAITING)

    def watch(self, turn: Turn) -> None:
        """Note a turn that is a gap; a ``bot.turns.Watcher``."""
        if reason := reason_of(turn):
            self._note(turn.by, turn.text, reason, turn.answer.confidence)

    def dislike(self, by: By, question: str) -> None:
        """Note a question whose answer somebody found wrong."""
        self._note(by, question, DISLIKED, None)

    def _note(self, by: By, text: str, reason: str, confidence: float | None) -> None:
        if self._keep and not self._waiting.full():
            question = _LONG_NUMBER.sub("*", clean(text))
            person = hashed(self._key, by)
            self._waiting.put_nowait(
                UnansweredQuestion(by.channel, person, fold(question), question, reason, confidence)
            )

    async def run(self) -> None:
        """Write what is noted, and forget what is old, until cancelled; what is noted then is still written."""
        try:
            await asyncio.gather(self._write(), self._forget())
        finally:
            while not self._waiting.empty():
                await self._add(self._waiting.get_nowait())

    async def _write(self) -> None:
        while True:
            await self._add(await self._waiting.get())

    async def _add(self, gap: UnansweredQuestion) -> None:
        try:
            await self._gaps.add(gap)
        except (SQLAlchemyError, OSError) as error:
            log.warning("a gap can't be kept now", error=type(error).__name__)

    async def _forget(self) -> None:
        while True:
            try:
                await self._gaps.forget(self._days)
            except (SQLAlchemyError, OSError) as error:
                log.warning("old gaps can't be deleted now", error=type(error).__name__)
            await asyncio.sleep(FORGET_EVERY)


def reason_of(turn: Turn) -> str:
    """Return why a turn is a gap; empty when it is none."""
    answer = turn.answer
    if answer.declined:
        return "" if answer.declined in _NO_QUESTION else answer.declined
    return WEAK if answer.confidence is not None and answer.confidence < WEAK_BELOW else ""


def hashed(key: bytes, by: By) -> str:
    """Return what stands for a person: nobody without the key can tell whom."""
    return hashlib.blake2b(f"{by.channel}:{by.person}".encode(), key=key, digest_size=12).hexdigest()


def fold(question: str) -> str:
    """Return a cleaned question without blanks, punctuation and case: what equal questions share."""
    return _NO_MATTER.sub("", question).casefold()[:_LONGEST]
