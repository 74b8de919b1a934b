"""The shipped plans without the model, and a chat about them."""

from __future__ import annotations

import pytest

from bot.conversation.answerer import Answerer
from bot.serving.open_answerer import open_answerer
from tests.ask.chatting import NO_MODEL, Chat, Clock


@pytest.fixture(scope="session")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """The answerer over both plans: everything that is drawn stands in the data."""
    folder = tmp_path_factory.mktemp("cards")
    return open_answerer(folder, str(folder / NO_MODEL))


@pytest.fixture
def chat(answerer: Answerer) -> Chat:
    """A new conversation."""
    return Chat(answerer, Clock())
