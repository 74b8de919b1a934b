"""What the tests of WeCom share."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Store
from tests.fake_wecom.robot import FakeRobot


def _store(path: Path) -> Store:
    return Store(f"sqlite+aiosqlite:///{path}")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty store once; its migrations take longer than most tests."""
    path = tmp_path_factory.mktemp("wecom") / "wence.db"

    async def make() -> None:
        store = _store(path)
        await store.open()
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def store(tmp_path: Path, empty: Path) -> AsyncIterator[Store]:
    """Return an empty store; that the ground is the same on PostgreSQL is tested where the ground is."""
    shutil.copy(empty, tmp_path / "wence.db")
    store = _store(tmp_path / "wence.db")
    yield store
    await store.close()


@pytest.fixture
async def robot() -> AsyncIterator[FakeRobot]:
    """Serve the AI bot's side of WeCom."""
    async with FakeRobot() as robot:
        yield robot


@pytest.fixture
async def any_store(database_url: str) -> AsyncIterator[Store]:
    """Return an empty store, once on each database: for what one of them takes and the other does not."""
    store = Store(database_url)
    await store.open()
    yield store
    await store.close()
