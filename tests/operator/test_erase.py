"""What is kept about a person can be deleted, all of it and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Float, Integer, Table, select

from bot.conversation.unanswered import hashed
from bot.keys import load_key
from bot.store.database import Store
from bot.store.erasure import erase
from bot.store.tables import gaps, metadata
from bot.store.text import Short
from bot.turns import By
from tests.operator.commands import run

OTHERS = ("leases", "pacing", "revocations", "marks", "known_plans", "replicas", "api_tokens")
"""Hold nothing about a chat. A revocation names whom it keeps out, on purpose; a token is named by the operator."""


def content(folder: Path) -> bytes:
    """Return all that the database's files hold."""
    return b"".join(path.read_bytes() for path in folder.glob("wence.db*"))


def row_of(table: Table, who: str) -> dict[str, object]:
    """Return a row in which every text that can name somebody does."""
    values: dict[str, object] = {}
    for column in table.c:
        numeric = isinstance(column.type, (Integer, Float))
        values[column.name] = 1 if numeric else who if isinstance(column.type, Short) else "{}"
    values.pop("id", None)
    if table.name == "announcements":
        values |= dict.fromkeys(("kind", "subject", "district", "name"), "unit")
    return values | {"guest": f"user:{who}"} if table.name == "guests" else values


@pytest.mark.parametrize(("who", "name"), [("7", "7"), ("single:7", "7"), ("-100/5", "-100")])
async def test_every_table_is_looked_at(store: Store, who: str, name: str) -> None:
    """Also one that is made later: each text that can name a chat or a person must be known to the deletion."""
    tables = [table for table in metadata.sorted_tables if table.name not in OTHERS]
    if who != name:
        tables = [table for table in tables if "chat" in table.c]
    async with store.begin() as tx:
        for table in tables:
            for one in (who, "8"):
                await tx.execute(table.insert().values(row_of(table, one)))
    await erase(store, name, [who])
    async with store.read() as tx:
        for table in tables:
            texts = [column for column in table.c if isinstance(column.type, Short)]
            left = [str(value) for row in await tx.execute(select(*texts)) for value in row]
            assert not {who, f"user:{who}"} & set(left), table.name
            assert {"8", "user:8"} & set(left), table.name


async def test_the_command(tmp_path: Path) -> None:
    """It tells how many rows it has deleted, knows who asked in vain by the hash, and leaves no words behind."""
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'wence.db'}")
    await store.open()
    key = load_key(tmp_path, "gaps")
    async with store.begin() as tx:
        for person in ("zhangsan", "lisi"):
            row = row_of(gaps, hashed(key, By("wecom-app", person)))
            await tx.execute(gaps.insert().values(row | {"channel": "wecom-app", "question": f"问过的话，{person}"}))
    await store.close()
    code, said = run(tmp_path, "erase", "zhangsan")
    assert (code, "gaps\t1" in said) == (0, True)
    assert run(tmp_path, "erase", "zhangsan")[1].startswith("库里没有 zhangsan")
    on_disk = content(tmp_path)
    assert "问过的话，zhangsan".encode() not in on_disk
    assert "问过的话，lisi".encode() in on_disk
