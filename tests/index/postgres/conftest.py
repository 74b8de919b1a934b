"""A database of its own for each test, and the shipped plans in either index, with the stand-in's vectors."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.conversation.answerer import Answerer
from corpus.library.shipped import PlanSource, plan_sources
from index.build import ready as ready_in_folder
from index.postgres.database import close_pools
from index.postgres.ready import ready
from index.snapshot import Snapshot
from scripts.benchmarks.growth.stand_in import StandIn
from tests.ask.chatting import Clock

Open = Callable[..., Snapshot]


def new_database(socket: str) -> str:
    """Make an empty database; its URL."""
    name = f"wence_{uuid.uuid4().hex}"
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://postgres@/{name}?host={socket}"


@pytest.fixture(scope="session")
def _pools() -> Iterator[None]:
    """Close what was opened before the server ends."""
    yield
    close_pools()


@pytest.fixture
def url(postgres: str, _pools: None) -> str:
    """An empty database."""
    return new_database(postgres)


@pytest.fixture(scope="session")
def stand_in() -> StandIn:
    """Vectors in no time."""
    return StandIn()


@pytest.fixture
def open_index(url: str, tmp_path: Path, stand_in: StandIn) -> Open:
    """Open the index as a replica of this name with these plans would."""

    def opening(replica: str, *sources: PlanSource, anew: bool = False) -> Snapshot:
        return ready(url, tmp_path / replica, sources, stand_in, anew=anew)

    return opening


@pytest.fixture(scope="session")
def shipped_url(postgres: str, _pools: None) -> str:
    """A database for the shipped plans, which no test changes."""
    return new_database(postgres)


@pytest.fixture(scope="session")
def in_database(shipped_url: str, tmp_path_factory: pytest.TempPathFactory, stand_in: StandIn) -> Snapshot:
    """The shipped plans in PostgreSQL."""
    folder = tmp_path_factory.mktemp("replica")
    return ready(shipped_url, folder, plan_sources(folder / "plans"), stand_in)


@pytest.fixture(scope="session")
def in_folder(tmp_path_factory: pytest.TempPathFactory, stand_in: StandIn) -> Snapshot:
    """The shipped plans in a folder."""
    folder = tmp_path_factory.mktemp("embedded")
    return ready_in_folder(folder, plan_sources(folder / "plans"), stand_in)


@pytest.fixture(scope="session")
def answerers(in_database: Snapshot, in_folder: Snapshot) -> tuple[Answerer, Answerer]:
    """Answerers over both, at the same time of day."""
    clock = Clock()
    return Answerer(in_database, clock), Answerer(in_folder, clock)
