"""A backup is restored whole, or refused in one line with nothing changed; in no case is anything written outside."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.reading.aliases import parse_aliases
from bot.store.backup import BackupError, restore
from bot.store.database import Store
from bot.store.tables import metadata
from corpus.library.added import StoreError, parse_stored
from index.errors import StorageError
from tests.fuzz.making import messages, values

PATHS = (
    "aliases.json",
    "keys/web.key",
    "web.key",
    "plans/a.json",
    "../a",
    "/etc/a.key",
    "keys/../../a.key",
    "plans/.a.json",
)
names = st.sampled_from(sorted(metadata.tables)) | messages
cells = messages | st.none() | st.integers(-(2**70), 2**70) | st.floats() | values
columns = {name: [column.name for column in table.c] for name, table in metadata.tables.items()}
rows = st.sampled_from(sorted(columns)).flatmap(
    lambda name: st.tuples(st.just(name), st.fixed_dictionaries(dict.fromkeys(columns[name], cells)))
)
kept = st.builds(
    lambda path, data: (":file", {"path": path, "data": base64.b64encode(data).decode()}),
    st.sampled_from(PATHS) | messages,
    st.binary(max_size=80) | st.just(b'{"a": "b"}'),
)
backups = st.lists(rows | kept | st.tuples(names, values) | values, max_size=4)


def written(lines: list[object], revision: object) -> bytes:
    """Return what a backup file would hold."""
    return b"\n".join(json.dumps(line).encode() for line in [{"revision": revision}, *lines])


def clear(folder: Path) -> None:
    """Take the database away; fail where there is anything beside it that was not there."""
    for file in folder.glob("wence.db*"):
        file.unlink()
    assert {path.name for path in folder.iterdir()} == {"a.gz", "data"}


@given(backups, st.sampled_from(["0006", "0003"]) | values, st.binary(max_size=6), st.integers(-1, 300))
async def test_a_backup(tmp_path: Path, lines: list[object], revision: object, junk: bytes, at: int) -> None:
    """Also one that was damaged after it was packed."""
    packed = gzip.compress(written(lines, revision), 1)
    (tmp_path / "a.gz").write_bytes(packed if at < 0 else packed[:at] + junk + packed[at:])
    data, url = tmp_path / "data", f"sqlite+aiosqlite:///{tmp_path / 'wence.db'}"
    data.mkdir(exist_ok=True)
    store = Store(url)
    await store.open()
    restored = 0
    # What else it may raise is a fault; that its line is one the tests of the restore hold.
    with contextlib.suppress(BackupError):
        restored = await restore(store, tmp_path / "a.gz", data)
    async with store.read() as tx:
        found = [
            (await tx.execute(select(func.count()).select_from(table))).scalar() for table in metadata.sorted_tables
        ]
    assert sum(number or 0 for number in found) == restored
    await store.close()
    clear(tmp_path)


@given(
    st.one_of(values, st.fixed_dictionaries(dict.fromkeys(("meta", "document", "sha256", "source", "added"), values)))
)
def test_a_plan_and_aliases(value: object) -> None:
    """A file of the store is a plan, or aliases, or refused as one that is broken."""
    data = json.dumps(value).encode()
    for parse in (parse_stored, parse_aliases):
        with contextlib.suppress(StoreError, StorageError):
            parse(data, "a.json")
