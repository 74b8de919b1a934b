"""A backup that somebody has made up, or that was damaged, changes nothing and is one clear line."""

from __future__ import annotations

import base64
import gzip
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.store import backup_file
from bot.store.backup import BackupError, backup, restore
from bot.store.database import Store
from bot.store.inbox import Inbox, Update
from tests.operator.commands import ROOT, run
from tests.operator.test_backup_files import files, filled

HEADER: dict[str, Any] = {"revision": "0006"}
MARK = ["marks", {"name": "a", "at": 1.0}]


def kept(path: str, data: bytes) -> list[Any]:
    """Return the line of a file."""
    return [":file", {"path": path, "data": base64.b64encode(data).decode()}]


def packed(*lines: object) -> bytes:
    """Return lines as a backup holds them."""
    texts = (line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    return gzip.compress(b"".join(texts))


WHOLE = packed(HEADER, MARK)
BAD: dict[str, bytes] = {
    "empty": b"",
    "no gzip": b"hello",
    "no lines": packed(),
    "cut": WHOLE[:-9],
    "a wrong sum": WHOLE[:-8] + b"\0" * 8,
    "flipped": WHOLE[:25] + bytes([WHOLE[25] ^ 255]) + WHOLE[26:],
    "no header": packed(MARK),
    "a header without a revision": packed({}, MARK),
    "no revision": packed({"revision": None}, MARK),
    "a number as revision": packed({"revision": 5}, MARK),
    "an unknown revision": packed({"revision": "9999"}, MARK),
    "a word of Alembic's": packed({"revision": "head"}, MARK),
    "a relative revision": packed({"revision": "-1"}, MARK),
    "a list as header": packed([], MARK),
    "two headers": packed(HEADER, HEADER),
    "no JSON": packed(HEADER, b"{\n"),
    "no UTF-8": packed(HEADER, b'["marks", {"name": "\xff"}]\n'),
    "deep JSON": packed(HEADER, b"[" * 100_000 + b"\n"),
    "deep JSON in a row": packed(HEADER, b'["marks", ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"]\n"),
    "a blank line": packed(HEADER, b"\n"),
    "null": packed(HEADER, None),
    "a string": packed(HEADER, "marks"),
    "a row without values": packed(HEADER, ["marks"]),
    "a row with more": packed(HEADER, [*MARK, 1]),
    "a row that is a list": packed(HEADER, ["marks", [1]]),
    "a list as value": packed(HEADER, ["marks", {"name": ["a"], "at": 1.0}]),
    "an unknown table": packed(HEADER, ["sqlite_master", {"name": "a"}]),
    "the version's table": packed(HEADER, ["alembic_version", {"version_num": "0001"}]),
    "an unknown column": packed(HEADER, ["marks", {"name": "a", "at": 1.0, "more": 1}]),
    "a missing column": packed(HEADER, ["marks", {"name": "a"}]),
    "a null": packed(HEADER, ["marks", {"name": None, "at": 1.0}]),
    "one key twice": packed(HEADER, MARK, MARK),
    "a number too large": packed(HEADER, ["chats", {
        "channel": "a", "chat": "b", "district": "", "asked_district": 10**30}]),
    "a half character": packed(HEADER, b'["marks", {"name": "\\ud800", "at": 1.0}]\n'),
    "a file without data": packed(HEADER, [":file", {"path": "keys/web.key"}]),
    "a file that is no base64": packed(HEADER, [":file", {"path": "keys/web.key", "data": "?"}]),
    "a key that is none": packed(HEADER, kept("keys/web.key", b"41")),
    "an old key that is none": packed(HEADER, kept("web.key", b"")),
    "a plan that is none": packed(HEADER, kept("plans/a.json", b"{}")),
    "a deep plan": packed(HEADER, kept("plans/a.json", b"[" * 100_000)),
    "aliases that are none": packed(HEADER, kept("aliases.json", b'{"a": 1}')),
    "a path with a line break": packed(HEADER, kept("plans/a\nb.json", b"{}")),
    "a path with NUL": packed(HEADER, kept("plans/a\0.json", b"{}")),
    "a way out": packed(HEADER, kept("plans/../../a.json", b"{}")),
    "a long line": packed(HEADER, b'["marks", {"name": "') + gzip.compress(b"a" * 2_000_000),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
async def test_a_malformed_backup_is_one_line(
    store: Store, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On both databases: BackupError in one line, no file written, and the database as it was."""
    monkeypatch.setattr(backup_file, "LINE_BYTES", 1_000_000)
    (tmp_path / "bad.gz").write_bytes(BAD[name])
    (tmp_path / "data").mkdir()
    with pytest.raises(BackupError) as caught:
        await restore(store, tmp_path / "bad.gz", tmp_path / "data")
    assert "\n" not in str(caught.value)
    assert files(tmp_path / "data") == {}
    await Inbox(store, "echo").accept([Update("1", "7", "a")])
    assert len(await Inbox(store, "echo").waiting(9)) == 1


def test_the_command_says_it(tmp_path: Path) -> None:
    """The operator sees the line and no traceback."""
    (tmp_path / "bad.gz").write_bytes(BAD["an unknown table"])
    code, said = run(tmp_path, "restore", str(tmp_path / "bad.gz"))
    assert code == 2
    assert said.count("\n") == 1
    assert "bad.gz" in said


ROWS = (b'["marks", {"name": "' + b"a" * 1_000_000 + b'", "at": 1}]\n') * 10
LETTERS = b"a" * 10_000_000


@pytest.mark.parametrize("piece", [ROWS, LETTERS], ids=["rows", "one line"])
def test_a_bomb_is_bounded(tmp_path: Path, piece: bytes) -> None:
    """In little memory a gigabyte that comes out of a megabyte is refused, be it many rows or one line."""
    (tmp_path / "bomb.gz").write_bytes(packed(HEADER) + gzip.compress(piece) * 100)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))

    environment = {"WENCE_DATA_DIR": str(tmp_path / "data"), "PATH": "", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "restore", str(tmp_path / "bomb.gz")]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False, preexec_fn=limit
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "bomb.gz" in done.stderr


async def test_a_backup_writes_through_no_link(tmp_path: Path) -> None:
    """What somebody has laid in the place of the half written file is not followed."""
    store = await filled(tmp_path / "data")
    (tmp_path / "other").write_text("mine", encoding="utf-8")
    (tmp_path / ".backup.gz.half").symlink_to(tmp_path / "other")
    await backup(store, tmp_path / "backup.gz")
    await store.close()
    assert (tmp_path / "other").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "backup.gz").is_symlink()


@pytest.mark.parametrize(("path", "named"), [("plans/坏.json", "方案文件损坏"), ("aliases.json", "别名文件读不了")])
def test_a_refused_file_is_named_as_what_it_is(tmp_path: Path, path: str, named: str) -> None:
    """At the start a plan or the aliases are named, not a folder that can't be written or a wrong setting."""
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("[]", encoding="utf-8")
    for command in (("ask", "有哪些方案"), ("index", "build")):
        if command[0] == "ask" or path != "aliases.json":
            _, said = run(tmp_path, *command)
            assert named in said
            assert "写不了" not in said
            assert "WENCE_DATA_DIR" not in said
