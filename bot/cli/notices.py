"""The operator's commands about notices: ``python -m bot follow | outbox | announce | receipts | backup | restore``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import typer

from bot.cli.errors import prints_errors
from bot.messages import say, table
from bot.notices.announcements import Announcements, announced
from bot.notices.following import Followings, Subject
from bot.notices.ledger import TROUBLE, Ledger
from bot.notices.outbox import Outbox
from bot.notices.receipts import Receipts
from bot.notices.subjects import Subjects
from bot.serving.open_answerer import open_as_set
from bot.settings import Settings, load_settings
from bot.store.backup import BackupError, backup, restore
from bot.store.database import Store
from bot.zone import ZONE
from corpus.library.added import StoreError

_MOST_ANNOUNCEMENTS = 20
"""Listed where none is named."""
_SHOWN = 30
"""Characters of an announcement in the list."""
Work = Callable[[Store, Settings], Awaitable[int]]


@prints_errors(BackupError, StoreError)
def _run(work: Work, *, opened: bool = True) -> int:
    """Do ``work`` with the operator's store; returns 2, and prints why, when that is not possible."""

    async def run() -> int:
        settings = load_settings()
        store = Store(settings.sql_url())
        try:
            if opened:
                await store.open()
            return await work(store, settings)
        finally:
            await store.close()

    return asyncio.run(run())


def _subjects(settings: Settings) -> Subjects:
    answerer = open_as_set(settings)
    return Subjects(answerer.shelf, answerer.reader)


def _read_one(settings: Settings, words: str) -> Subject | None:
    """Return what ``words`` mean; None, and says so, when that is nothing or several things."""
    found = _subjects(settings).read(words)
    if len(found) == 1:
        return found[0]
    if found:
        typer.echo(say("following.which", wanted=words), err=True)
        typer.echo(say("following.comma").join(one.name for one in found), err=True)
    else:
        typer.echo(say("following.unknown", wanted=words), err=True)
    return None


def _place(where: str) -> tuple[str, str]:
    """Return channel and chat of ``CHANNEL:CHAT``; the channel may have its everyday name."""
    channel, _, chat = where.partition(":")
    return table("channel_names").get(channel, channel), chat


def follow(where: str, words: list[str], *, end: bool) -> int:
    """Let a chat follow, or end it; without words show what it follows."""

    async def work(store: Store, settings: Settings) -> int:
        channel, chat = _place(where)
        followings = Followings(store)
        for word in words:
            subject = _read_one(settings, word)
            if subject is None:
                return 2
            async with store.begin() as tx:
                change = followings.unfollow if end else followings.follow
                await change(channel, chat, subject, tx)
        mine = await followings.of(channel, chat)
        typer.echo(say("following.count", count=len(mine)) if mine else say("following.none"))
        for one in mine:
            typer.echo(say("following.line", name=one.name))
        return 0

    return _run(work)


def announce(wanted: str, text: str, *, yes: bool) -> int:
    """Show what would be sent and to how many, ask, and send."""

    async def work(store: Store, settings: Settings) -> int:
        subject = _read_one(settings, wanted)
        if subject is None:
            return 2
        announcements = Announcements(Outbox(store), settings.notice_quiet)
        preview = await announcements.prepare(subject, text, "cli")
        typer.echo(announced(preview, subject.name))
        for part in preview.parts:
            typer.echo(part.headline)
            for line in (line for section in part.sections for line in section.lines):
                typer.echo(line)
        if not (yes or typer.confirm(say("announcements.confirm"))):
            typer.echo(say("announcements.not_sent"))
            return 1
        typer.echo(say("announcements.sent", count=await announcements.send(preview.id)))
        return 0

    return _run(work)


def show_receipts(number: int | None) -> int:
    """List the announcements sent last, or who has confirmed one of them and who has not."""

    async def work(store: Store, _settings: Settings) -> int:
        receipts = Receipts(store)
        if number is not None:
            return await _show_one(receipts, number)
        found = await receipts.recent(_MOST_ANNOUNCEMENTS)
        for one in found:
            when = f"{datetime.fromtimestamp(one.sent_at, ZONE):%Y-%m-%d %H:%M}"
            words = one.words.split("\n", 1)[0][:_SHOWN]
            values = {"name": one.name, "chats": one.chats, "readers": one.readers, "words": words}
            typer.echo(say("receipts.line", id=one.id, when=when, **values))
        if not found:
            typer.echo(say("receipts.none"))
        return 0

    return _run(work)


async def _show_one(receipts: Receipts, number: int) -> int:
    chats = await receipts.of(number)
    if not chats:
        typer.echo(say("announcements.unknown"), err=True)
        return 1
    for chat in chats:
        typer.echo(say("receipts.chat", channel=chat.channel, chat=chat.chat))
        for key, people in (("readers", chat.readers), ("missing", chat.missing)):
            if people:
                typer.echo(say(f"receipts.{key}", count=len(people), names=say("receipts.comma").join(people)))
        if not (chat.readers or chat.missing):
            typer.echo(say("receipts.nobody"))
    readers, silent = sum(len(chat.readers) for chat in chats), sum(not chat.readers for chat in chats)
    typer.echo(say("receipts.total", readers=readers, silent=silent))
    return 0


def show_outbox(states: list[str], resend: list[int], cancel: list[int]) -> int:
    """Carry out the operator's decisions, then show counts and what needs one."""

    async def work(store: Store, _settings: Settings) -> int:
        ledger = Ledger(store)
        done = True
        for key, numbers, act in (("resend", resend, ledger.resend), ("cancel", cancel, ledger.cancel)):
            for number in numbers:
                worked = await act(number)
                done = done and worked
                typer.echo(say(f"outbox.{key}" if worked else "outbox.impossible", id=number))
        for (channel, state), count in (await ledger.counts()).items():
            typer.echo(say("outbox.count", channel=channel, state=table("outbox_states")[state], count=count))
        for line in await ledger.lines(states or TROUBLE):
            typer.echo(
                say(
                    "outbox.line",
                    id=line.id,
                    state=table("outbox_states")[line.state],
                    planned=f"{line.planned:%Y-%m-%d %H:%M}",
                    where=f"{line.channel}:{line.chat}",
                    part=line.part,
                    headline=line.headline,
                    reason=line.reason,
                )
            )
        return 0 if done else 1

    return _run(work)


def make_backup(file: Path) -> int:
    """Write the whole store to one file."""

    async def work(store: Store, settings: Settings) -> int:
        try:
            rows = await backup(store, file, settings.data_dir)
        except OSError as error:
            raise BackupError(say("backup.unwritable", file=file, error=error.strerror)) from error
        typer.echo(say("backup.made", file=file, rows=rows))
        return 0

    return _run(work)


def restore_backup(file: Path) -> int:
    """Fill the empty store from one file."""

    async def work(store: Store, settings: Settings) -> int:
        rows = await restore(store, file, settings.data_dir)
        typer.echo(say("backup.restored", file=file, rows=rows))
        return 0

    return _run(work)
