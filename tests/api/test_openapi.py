"""The OpenAPI document is true: requests of every kind that it allows, and some that it forbids, get what it says."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode

from bot.api.openapi import document
from bot.api.operations import OPERATIONS, Operation
from tests.api.conftest import Served

EXAMPLES = 8
"""For each operation: they are answered by the whole bot."""
SCHEMA = schemathesis.openapi.from_dict(document())


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda one: one.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_every_request_is_answered_as_described(operation: Operation, mode: GenerationMode, served: Served) -> None:
    """No failure of the server, no undescribed status, no body of another shape, nothing wrong let through."""
    described = SCHEMA[f"/api{operation.path}"]["POST" if operation.by_body else "GET"]

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=described.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(base_url=served.url, headers=served.headers)

    ask()
