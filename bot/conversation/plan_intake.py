"""A plan that an operator sends as a file in a private chat: read, reported, and added when they say so.

Reading and parsing happen in processes of their own with limits (``corpus``). What was read, not the file, is kept in
the data folder until it is added or dropped, so that a restart between the two loses nothing.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import structlog

from bot.answering.answer import Answer, AnswerKind, Choice, Section
from bot.messages import say
from corpus.commands.candidate import AddError, Candidate, Given, NoDistrictError, PlanFile, candidate_of, read_source
from corpus.library.added import PlanStore, Stored, StoreError, read_stored
from corpus.lint import findings
from corpus.private import make_folder, write_whole
from corpus.readers import ReadError

FILE_MB = 20
"""Largest file that is fetched: Telegram gives bots no larger ones, https://core.telegram.org/bots/api#getfile"""
FILE_BYTES = FILE_MB * 1024 * 1024
_KEPT_SECONDS = 86400.0
"""After which a plan that nobody has decided about is forgotten."""
_REPORTED, _FOUND, _LINE = 12, 4, 60
"""Lines of the report and findings that are shown, and characters of each: ``corpus add`` shows all."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,32}")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a message."""

    size: int
    """In bytes; 0 where the platform does not say."""
    fetch: Callable[[], Awaitable[tuple[str, bytes]]]
    """Gets its name and bytes from the platform; OSError where that fails."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(say(f"intake.pattern_{name}")) for name in ("add", "drop")}


def read_decision(words: str) -> tuple[str, str] | None:
    """Return ``add`` or ``drop``, and of which plan; None for other words."""
    for name, pattern in _patterns().items():
        found = pattern.fullmatch(words.strip())
        if found:
            return name, found[1]
    return None


class PlanIntake:
    """The plans that were sent and not decided about, in ``offered`` of the data folder."""

    def __init__(self, data_dir: Path) -> None:
        """Add plans to ``plans`` of the data folder, as ``python -m corpus add`` does."""
        self._plans = PlanStore(data_dir / "plans")
        self._offered = data_dir / "offered"
        # One at a time: a report over many plans takes a core for a while.
        self._turn = asyncio.Lock()

    async def offer(self, file: SentFile, district: str, *, operator: bool) -> Answer:
        """Report what was read of a file, with what to press; ``district`` where the document names none."""
        if not operator:
            return _line(say("intake.operators_only"))
        if file.size > FILE_BYTES:
            return _line(say("intake.too_large", limit=FILE_MB))
        try:
            name, data = await file.fetch()
        except OSError as error:
            log.warning("a file that was sent could not be fetched", error=type(error).__name__)
            return _line(say("intake.not_fetched"))
        if len(data) > FILE_BYTES:
            return _line(say("intake.too_large", limit=FILE_MB))
        async with self._turn:
            return await asyncio.to_thread(self._offer, name, data, district.strip())

    async def decide(self, decision: tuple[str, str], *, operator: bool) -> Answer:
        """Add or drop what was sent, as ``read_decision`` has it."""
        if not operator:
            return _line(say("intake.operators_only"))
        async with self._turn:
            return await asyncio.to_thread(self._decide, *decision)

    def tidy(self) -> None:
        """Forget what nobody has decided about, and what a killed process has left."""
        for path in self._offered.glob("*"):
            if time.time() - path.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def _offer(self, name: str, data: bytes, district: str) -> Answer:
        try:
            make_folder(self._offered)
            with tempfile.TemporaryDirectory(dir=self._offered) as folder:
                path = Path(folder) / _file_name(name)
                path.write_bytes(data)
                source = read_source(path)
            candidate = candidate_of(source, self._plans, Given(district=district))
            token = secrets.token_urlsafe(12)
            write_whole(self._path(token), candidate.stored().to_json())
        except NoDistrictError:
            return _line(say("intake.no_district"))
        except (ReadError, StoreError, AddError) as error:
            return _line(str(error))
        except OSError as error:
            log.warning("a plan that was sent could not be kept", error=str(error))
            return _line(say("intake.not_kept"))
        return _report(candidate, token)

    def _decide(self, what: str, token: str) -> Answer:
        path = self._path(token)
        if not _TOKEN.fullmatch(token) or not path.is_file():
            return _line(say("intake.gone"))
        try:
            if what == "drop":
                path.unlink(missing_ok=True)
                return _line(say("intake.dropped"))
            candidate = self._again(read_stored(path))
            self._plans.add(candidate.stored())
            path.unlink(missing_ok=True)
        except AddError as error:
            path.unlink(missing_ok=True)  # somebody has added it meanwhile
            return _line(str(error))
        except (ReadError, StoreError, OSError) as error:
            log.warning("a plan that was sent could not be added", error=str(error))
            return _line(say("intake.not_added", reason=error))
        return _line(say("intake.added", title=candidate.plan.meta.title, plan=candidate.plan.meta.id))

    def _again(self, kept: Stored) -> Candidate:
        """Compare once more with the plans that are there: others may have been added meanwhile."""
        return candidate_of(
            PlanFile(kept.document, kept.sha256, kept.source), self._plans, Given(district=kept.meta.district)
        )

    def _path(self, token: str) -> Path:
        return self._offered / f"{token}.json"


def _report(candidate: Candidate, token: str) -> Answer:
    found = findings(candidate.plan, candidate.others)
    lint = [say("intake.finding", number=number, message=one.message) for number, one in enumerate(found, 1)]
    none = say("intake.no_findings")
    sections = (
        Section("", tuple(_first(list(candidate.lines()), _REPORTED)), ()),
        Section(say("intake.lint", count=len(found)), tuple(_first(lint, _FOUND)) or (none,), ()),
    )
    choices = (
        Choice(say("intake.replace" if candidate.replaced else "intake.add"), say("intake.say_add", token=token)),
        Choice(say("intake.drop"), say("intake.say_drop", token=token)),
    )
    headline = say("intake.headline", name=candidate.source.name)
    return replace(_line(headline), sections=sections, choices=choices)


def _first(lines: list[str], most: int) -> Iterable[str]:
    yield from (line if len(line) <= _LINE else say("entry.cut", text=line[:_LINE]) for line in lines[:most])
    if len(lines) > most:
        yield say("intake.more", count=len(lines) - most)


def _file_name(name: str) -> str:
    """Return a file's own name without any folder, its ending kept."""
    plain = Path(name.replace("\\", "/")).name.replace("\0", "")
    return f"{Path(plain).stem[:80]}{Path(plain).suffix[:10]}" if plain.strip(".") else "plan"


def _line(text: str) -> Answer:
    return Answer(AnswerKind.HELP, answered=True, headline=text)
