"""What the tests of the page share: a store, and an answerer over the shipped plans."""

from __future__ import annotations

import pytest

from bot.conversation.answerer import Answerer
from bot.serving.open_answerer import open_answerer
from tests.ask.chatting import NO_MODEL
from tests.wecom.conftest import empty, store

__all__ = ["answerer", "empty", "store"]


@pytest.fixture(scope="session")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """The answerer over both plans, without the model."""
    folder = tmp_path_factory.mktemp("web")
    return open_answerer(folder, str(folder / NO_MODEL))
