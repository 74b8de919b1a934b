"""How many inputs a harness makes: few and always the same in a test run, many and new ones by hand.

By hand: ``.venv/bin/python -m pytest tests/fuzz --hypothesis-profile=long``.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from bot.conversation.answerer import Answerer
from bot.serving.open_answerer import open_answerer

_SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "short", max_examples=20, derandomize=True, database=None, deadline=None, suppress_health_check=_SHARED
)
settings.register_profile("long", max_examples=50_000, database=None, deadline=None, suppress_health_check=_SHARED)
settings.load_profile("short")


@pytest.fixture(scope="session")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """The answerer over the shipped plans, without the model."""
    folder = tmp_path_factory.mktemp("data")
    return open_answerer(folder, str(folder / "no-model"))
