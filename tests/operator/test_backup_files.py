"""A backup holds what the operator has made beside the database: added plans, aliases, keys."""

from __future__ import annotations

import gzip
import json
import secrets
import stat
from pathlib import Path

import pytest

from bot.keys import load_key
from bot.reading.aliases import AliasFile
from bot.store.backup import BackupError, backup, restore
from bot.store.database import Store
from tests.operator.commands import run

PLAN = json.dumps(
    {
        "meta": {
            "id": "大足",
            "district": "大足区",
            "title": "方案",
            "issuer": "",
            "issued": None,
            "start": None,
            "end": None,
        },
        "sha256": "0",
        "source": "a.txt",
        "added": "2026-01-01",
        "document": {"blocks": [], "dropped": [], "hints": {"title": "", "issuer": "", "issued": ""}},
    }
)


def fill(folder: Path) -> None:
    """Make a data folder as it is after some use."""
    AliasFile(folder).put("教口儿", "区教委")
    load_key(folder, "gaps")
    for name, words in (
        ("plans/大足.json", PLAN), ("plans/.大足.json.new", "half"), ("web.key", secrets.token_hex(32)),
        ("index/current", "snapshot-1"), ("models/weights", "large"), ("replicas/1.name", "me"),
    ):  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but the database and locks."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "wence.db")))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


async def filled(folder: Path) -> Store:
    """Open a store in a folder of its own."""
    store = Store(f"sqlite+aiosqlite:///{folder / 'wence.db'}")
    await store.open()
    return store


def test_the_operator_s_files_come_back(tmp_path: Path) -> None:
    """Plans, aliases and keys are there after a restore by command; what can be made again, and halves, are not."""
    old, new = tmp_path / "old", tmp_path / "new"
    fill(old)
    new.mkdir()
    before = files(old)
    file = tmp_path / "backup.gz"
    assert run(old, "backup", str(file))[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run(new, "restore", str(file))[0] == 0
    wanted = {"plans/大足.json", "aliases.json", "keys/gaps.key", "web.key"}
    assert files(new) == {name: data for name, data in before.items() if name in wanted}
    assert stat.S_IMODE((new / "web.key").stat().st_mode) == 0o600


async def test_a_plan_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """A restore onto another plan of this name changes nothing at all; a key that the first start made gives way."""
    fill(tmp_path / "old")
    source = await filled(tmp_path / "old")
    await backup(source, tmp_path / "backup.gz", tmp_path / "old")
    await source.close()
    target = await filled(tmp_path / "new")
    load_key(tmp_path / "new", "gaps")
    (tmp_path / "new" / "plans").mkdir()
    (tmp_path / "new" / "plans" / "大足.json").write_text("mine", encoding="utf-8")
    before = files(tmp_path / "new")
    with pytest.raises(BackupError, match="大足"):
        await restore(target, tmp_path / "backup.gz", tmp_path / "new")
    assert files(tmp_path / "new") == before
    (tmp_path / "new" / "plans" / "大足.json").unlink()
    await restore(target, tmp_path / "backup.gz", tmp_path / "new")
    await target.close()
    assert load_key(tmp_path / "new", "gaps") == load_key(tmp_path / "old", "gaps")


@pytest.mark.parametrize("path", ["../outside.key", "/outside.key", "plans/../../outside.json", ".env"])
async def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    """A file that somebody has tampered with writes nowhere else."""
    store = await filled(tmp_path / "data")
    await backup(store, tmp_path / "backup.gz", tmp_path / "data")
    with gzip.open(tmp_path / "backup.gz", "ab") as file:
        file.write(json.dumps([":file", {"path": path, "data": ""}]).encode() + b"\n")
    await store.close()
    other = await filled(tmp_path / "other")
    with pytest.raises(BackupError, match="不该有"):
        await restore(other, tmp_path / "backup.gz", tmp_path / "other")
    await other.close()
