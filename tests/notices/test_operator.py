"""What the operator sees and does: the outbox, backup and restore, the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.ledger import Ledger
from bot.notices.sending import UnknownError
from bot.store.backup import BackupError, backup, restore
from bot.store.database import Store
from bot.store.inbox import Inbox, Update
from tests.notices.fakes import Clock, FakePlatform, Post, notice, once

TEACHERS = Subject(SubjectKind.UNIT, "区教委", "", "区教委")


async def test_an_unknown_message_is_sent_again_marked_so(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """The operator sees it with its reason, and has it sent once more, marked 重发."""
    ledger = Ledger(post.outbox.store, clock)
    platform.after = once(UnknownError("timeout"))
    await post.plan(notice("一"))
    await post.send()
    (line,) = await ledger.lines()
    assert (line.state, line.headline, line.reason) == ("unknown", "一", "timeout")
    assert await ledger.resend(line.id)
    await post.send()
    assert platform.log == [("-1", "一"), ("-1", "（重发）一")]
    assert await ledger.counts() == {("fake", "sent"): 1}
    assert not await ledger.resend(line.id)


async def test_a_cancelled_message_is_never_sent(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """What waits can be cancelled; what is sent can't."""
    ledger = Ledger(post.outbox.store, clock)
    await post.plan(notice("一"), notice("二"))
    first, second = reversed(await ledger.lines(("due",)))
    assert await ledger.cancel(first.id if first.headline == "一" else second.id)
    await post.send()
    assert platform.log == [("-1", "二")]
    assert not await ledger.cancel(second.id if second.headline == "二" else first.id)


async def test_old_rows_are_forgotten(post: Post, clock: Clock) -> None:
    """What was sent more than a year ago is deleted; what is younger stays."""
    await post.plan(notice("一"))
    await post.send()
    clock.pass_(days=300)
    await Ledger(post.outbox.store, clock).forget()
    assert await Ledger(post.outbox.store).counts() == {("fake", "sent"): 1}
    clock.pass_(days=200)
    await Ledger(post.outbox.store, clock).forget()
    assert await Ledger(post.outbox.store).counts() == {}


async def test_a_backup_restores_everything_but_sends_nothing_twice(post: Post, clock: Clock, tmp_path: Path) -> None:
    """Followings and inbox are back; what waited when it was made may have been sent since, so it is unknown."""
    store = post.outbox.store
    await Inbox(store, "echo").accept([Update("1", "7", "hello")])
    async with store.begin() as tx:
        await Followings(store).follow("fake", "-1", TEACHERS, tx)
    await post.plan(notice("一"))
    clock.pass_(days=-3000)
    await post.plan(notice("二", at=clock.at))
    file = tmp_path / "backup.gz"
    rows = await backup(store, file)
    other = Store(f"sqlite+aiosqlite:///{tmp_path / 'other.db'}")
    await other.open()
    assert await restore(other, file) == rows == 4
    assert await Followings(other).of("fake", "-1") == (TEACHERS,)
    assert [row.payload for row in await Inbox(other, "echo").waiting(9)] == ["hello"]
    assert await Ledger(other).counts() == {("fake", "due"): 1, ("fake", "unknown"): 1}
    await Inbox(other, "echo").accept([Update("2", "7", "again")])
    with pytest.raises(BackupError):
        await restore(other, file)
    await other.close()


async def test_a_backup_is_restored_into_the_other_kind_of_database(store: Store, tmp_path: Path) -> None:
    """A SQLite store moves to PostgreSQL by backup and restore, and goes on counting its rows."""
    source = Store(f"sqlite+aiosqlite:///{tmp_path / 'source.db'}")
    await source.open()
    await Inbox(source, "echo").accept([Update("1", "7", "a"), Update("2", "7", "b")])
    await backup(source, tmp_path / "backup.gz")
    await source.close()
    await restore(store, tmp_path / "backup.gz")
    await Inbox(store, "echo").accept([Update("3", "7", "c")])
    assert [row.payload for row in await Inbox(store, "echo").waiting(9)] == ["a", "b", "c"]


async def test_a_broken_backup_changes_nothing(store: Store, tmp_path: Path) -> None:
    """A file that is cut off is named, and the database stays empty and usable."""
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08\x00nothing")
    with pytest.raises(BackupError, match=r"broken\.gz"):
        await restore(store, tmp_path / "broken.gz")
    await Inbox(store, "echo").accept([Update("1", "7", "a")])


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run a command of the bot; returns its exit code and all that it prints."""
    command = [sys.executable, "-m", "bot", *arguments]
    root = Path(__file__).resolve().parents[2]
    environment = {"WENCE_DATA_DIR": str(folder), "PATH": "", "PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_webhook_robot_follows_by_command_and_is_told(tmp_path: Path) -> None:
    """Follow, announce, look at the outbox, cancel, back up: each from the command line."""
    code, words = run(tmp_path, "follow", "--channel", "wecom-webhook:信息中心", "区教委", "渝中区")
    assert (code, "2项" in words) == (0, True), words
    code, words = run(tmp_path, "announce", "区教委", "明天开会", "--yes")
    assert (code, "1个会话" in words) == (0, True), words
    code, words = run(tmp_path, "outbox", "--state", "due")
    assert (code, "wecom-robot:信息中心" in words) == (0, True), words
    assert run(tmp_path, "outbox", "--cancel", "1")[0] == 0
    assert run(tmp_path, "outbox", "--resend", "1")[0] == 1
    assert run(tmp_path, "backup", "kept.gz")[0] == 0
    code, words = run(tmp_path, "restore", "kept.gz")
    assert (code, "Traceback" in words) == (2, False), words
    code, words = run(tmp_path, "follow", "--channel", "wecom-webhook:信息中心", "没有的单位名")
    assert (code, "没有找到" in words) == (2, True), words
