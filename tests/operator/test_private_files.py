"""Chats, ids and keys are for the user who runs the bot alone, whatever the umask of who starts it."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.keys import load_key
from bot.reading.aliases import AliasFile
from bot.store.database import Store
from bot.store.inbox import Inbox, Update
from corpus.private import close_folder, make_folder, open_new
from tests.bot_process import BotProcess
from tests.fake_telegram.server import FakeTelegram


@pytest.fixture(autouse=True)
def _wide_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> dict[str, str]:
    """Return what other users may look into, with its mode."""
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    return {str(path.relative_to(folder)): oct(mode) for path, mode in modes.items() if mode & 0o077}


async def test_a_running_bot_closes_its_folder(tmp_path: Path) -> None:
    """A folder that was open before, with a store that was, is this user's alone once the bot runs: -wal, -shm, all."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    (folder / "wence.db").touch(mode=0o644)
    async with FakeTelegram() as fake:
        settings = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        settings["WENCE_WEB_ACCESS"] = "link"
        async with BotProcess(folder, settings) as bot:
            await bot.url()
            assert {"wence.db", "wence.db-wal", "wence.db-shm"} <= {path.name for path in folder.iterdir()}
            assert open_to_others(folder) == {}
            assert await bot.end(signal.SIGTERM) == 0
    assert open_to_others(folder) == {}


async def test_every_part_makes_private_files(tmp_path: Path) -> None:
    """The store, keys and aliases make their folder and their files so, each by itself."""
    makers: tuple[Callable[[Path], object], ...] = (
        lambda data: load_key(data, "web"),
        lambda data: AliasFile(data).put("教口儿", "x"),
    )
    for number, make in enumerate(makers):
        data = tmp_path / "above" / str(number)
        make(data)
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert [path for path in open_to_others(data) if not path.endswith(".lock")] == []
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'stored' / 'wence.db'}")
    await store.open()
    await Inbox(store, "echo").accept([Update("1", "7", "a")])
    assert open_to_others(tmp_path / "stored") == {}
    await store.close()


def test_a_shared_folder_is_left_as_it_is(tmp_path: Path) -> None:
    """A folder with the sticky bit, as the temporary one, is not taken from the others."""
    tmp_path.chmod(0o1777)
    close_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777
    make_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


def test_a_new_file_is_new(tmp_path: Path) -> None:
    """What is there already, or a link laid there, is not opened."""
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "file").touch()
    for name in ("link", "file"):
        with pytest.raises(FileExistsError):
            open_new(tmp_path / name)
    assert not (tmp_path / "target").exists()
