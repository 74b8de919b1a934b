"""What the tests of notices share."""

from __future__ import annotations

import pytest

from bot.conversation.answerer import Answerer
from bot.serving.open_answerer import open_answerer
from bot.store.database import Store
from tests.notices.fakes import Clock, FakePlatform, Post


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at nine o'clock."""
    return Clock()


@pytest.fixture
def platform() -> FakePlatform:
    """A platform that takes everything."""
    return FakePlatform()


@pytest.fixture
def post(store: Store, clock: Clock, platform: FakePlatform) -> Post:
    """An outbox and its deliverer, once on each database."""
    return Post(store, clock, platform)


@pytest.fixture(scope="session")
def plans_answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """The answerer over the shipped plans, without the model."""
    folder = tmp_path_factory.mktemp("data")
    return open_answerer(folder, str(folder / "no-model"))
