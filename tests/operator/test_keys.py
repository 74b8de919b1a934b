"""Keys: 32 random bytes or no start; a new one with the old one good for a while; what was given out is taken back."""

from __future__ import annotations

import gzip
import json
import secrets
import time
from pathlib import Path

import pytest

from bot.channels.web.signer import KEY, Signer, make_signer
from bot.keys import KeyFileError, load_key, load_keys, rotate
from bot.settings import Settings
from bot.store.backup import BackupError, backup, restore
from bot.store.database import Store
from bot.store.revocations import EVERYTHING, Revocations
from tests.bot_process import BotProcess
from tests.operator.commands import run
from tests.operator.test_backup_files import filled

BAD = ["", " \n", "41", "00" * 32, "aabb" * 16, "zz" * 32, "5e" * 15 + "0f" * 16, f"{'5e0f' * 16}\nold"]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_key_is_not_taken(tmp_path: Path, text: str) -> None:
    """An empty, blank, short, constant or broken key file is named; nothing is signed with it."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "web.key").write_text(text, encoding="ascii")
    with pytest.raises(KeyFileError, match=r"web\.key"):
        make_signer(Settings.model_validate({"data_dir": tmp_path}))


async def test_a_bad_key_stops_the_start(tmp_path: Path) -> None:
    """The bot ends with one line that names the file."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "gaps.key").touch()
    async with BotProcess(tmp_path, {"WENCE_WEB_ACCESS": "open"}, "bot", ("run",)) as bot:
        assert await bot.wait() == 2
    assert "gaps.key" in bot.words
    assert "Traceback" not in bot.words


async def test_a_bad_key_is_not_restored(tmp_path: Path) -> None:
    """A backup whose key is empty changes nothing and says why."""
    store = await filled(tmp_path / "old")
    await backup(store, tmp_path / "backup.gz")
    await store.close()
    with gzip.open(tmp_path / "backup.gz", "ab") as file:
        file.write(json.dumps([":file", {"path": "keys/web.key", "data": ""}]).encode() + b"\n")
    other = await filled(tmp_path / "new")
    with pytest.raises(BackupError, match=r"keys/web\.key"):
        await restore(other, tmp_path / "backup.gz", tmp_path / "new")
    await other.close()
    assert not (tmp_path / "new" / "keys" / "web.key").exists()


def test_two_keys_are_good_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change the new key signs, the old one still opens until its days are over, even in a running bot."""
    settings = Settings.model_validate({"data_dir": tmp_path})
    old = load_key(tmp_path, KEY)
    sealed = make_signer(settings).sign("link", ["a"])
    rotate(tmp_path, KEY, 2)
    signer = make_signer(settings)
    assert load_key(tmp_path, KEY) != old
    assert [key.value for key in load_keys(tmp_path, KEY)][1:] == [old]
    assert signer.verify("link", sealed) == ["a"]
    assert Signer(old.hex()).verify("link", signer.sign("link", ["b"])) is None
    later = time.time() + 3 * 86_400
    monkeypatch.setattr("time.time", lambda: later)
    assert signer.verify("link", sealed) is None
    assert len(load_keys(tmp_path, KEY)) == 1


def test_a_key_can_be_changed_at_once(tmp_path: Path) -> None:
    """With no days left what the old key has signed is void."""
    sealed = make_signer(Settings.model_validate({"data_dir": tmp_path})).sign("link", ["a"])
    assert run(tmp_path, "rekey", "--days", "0")[0] == 0
    assert make_signer(Settings.model_validate({"data_dir": tmp_path})).verify("link", sealed) is None


def test_two_keys_can_be_set(tmp_path: Path) -> None:
    """The setting takes the new key and the old one; each must be long."""
    old, new = secrets.token_hex(16), secrets.token_hex(16)
    sealed = Signer(old).sign("link", ["a"])
    signer = make_signer(Settings.model_validate({"data_dir": tmp_path, "web_key": f"{new} {old}"}))
    assert signer.verify("link", sealed) == ["a"]
    assert Signer(new).verify("link", signer.sign("link", ["b"])) == ["b"]
    with pytest.raises(ValueError, match="32"):
        Settings.model_validate({"web_key": f"{new} x"})


async def test_what_was_taken_back_is_known(store: Store) -> None:
    """One name, or everything, is taken back from a moment on; on both databases."""
    revocations = Revocations(store)
    assert await revocations.last(("link:a",)) == 0
    await revocations.revoke("link:a")
    first = await revocations.last(("link:a",))
    assert first > 0
    assert await revocations.last(("link:b",)) == 0
    await revocations.revoke("link:a")
    await revocations.revoke(EVERYTHING)
    assert await revocations.last(("link:b",)) >= first


def test_what_is_to_be_taken_back_is_checked(tmp_path: Path) -> None:
    """A word that names neither link nor member is refused; a good one is kept."""
    assert run(tmp_path, "revoke", "zhang")[0] == 2
    code, said = run(tmp_path, "revoke", "member:zhang")
    assert code == 0
    assert "member:zhang" in said
