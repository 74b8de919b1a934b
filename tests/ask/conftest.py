"""Both shipped plans, indexed once a session: without the model for what data answers, with it for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation.answerer import Answerer
from bot.serving.open_answerer import open_answerer
from corpus.library.shipped import load_shipped_plans
from corpus.model import Plan
from index.encoder import Encoder
from index.local.folder import Folder
from index.snapshot import Snapshot
from tests.ask.chatting import NO_MODEL, Chat, Clock


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose index was built while the model could not be had."""
    folder = tmp_path_factory.mktemp("data")
    open_answerer(folder, str(folder / NO_MODEL))
    return folder


@pytest.fixture(scope="session")
def shared_clock() -> Clock:
    """The clock of the session's answerer."""
    return Clock()


@pytest.fixture(scope="session")
def answerer(data_dir: Path, shared_clock: Clock) -> Answerer:
    """The answerer over both plans, without the model."""
    encoder = Encoder(str(data_dir / NO_MODEL), data_dir)
    return Answerer(Snapshot(Folder.current(data_dir / "index"), encoder), shared_clock)


@pytest.fixture
def chat(answerer: Answerer, shared_clock: Clock) -> Chat:
    """A new conversation, in March 2025."""
    shared_clock.set(2025, 3, 1)
    return Chat(answerer, shared_clock)


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the answerer with the model."""
    return tmp_path_factory.mktemp("with-model")


@pytest.fixture(scope="session")
def with_model(model_dir: Path) -> Answerer:
    """The answerer over both plans with the default model."""
    return open_answerer(model_dir)


@pytest.fixture(scope="session")
def banan() -> Plan:
    """The plan of 巴南区."""
    return next(plan for plan in load_shipped_plans() if plan.meta.district == "巴南区")


@pytest.fixture(scope="session")
def yuzhong() -> Plan:
    """The plan of 渝中区."""
    return next(plan for plan in load_shipped_plans() if plan.meta.district == "渝中区")
