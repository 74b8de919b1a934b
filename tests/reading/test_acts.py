"""Every thing that can be asked, by the examples in its own file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from bot.query.query import Query
from bot.reading.act import Act, Example, acts
from tests.ask.chatting import Chat

EXAMPLES = [(act, example) for act in acts().values() for example in act.examples]
FEWEST = 5


@pytest.mark.parametrize("act", acts().values(), ids=lambda act: act.name)
def test_an_act_has_examples(act: Act) -> None:
    """At least five, each a message of its own."""
    assert len({example.message for example in act.examples}) >= FEWEST


@pytest.mark.parametrize(
    ("act", "example"), EXAMPLES, ids=lambda one: one.message if isinstance(one, Example) else one.name
)
def test_an_example_becomes_its_query(chat: Chat, act: Act, example: Example) -> None:
    """The parts that the example states are those of the query that its message becomes."""
    query = chat.answerer.hear(example.message).readings[0].query
    assert stated(query, example.query) == dict(example.query), act.name


def stated(query: Query, parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return those parts of a query that an example states, as it writes them."""
    data = msgspec.to_builtins(query)
    where = data.pop("where")
    units = {name: [one["keys"][0] for one in where[name]] for name in ("units", "without")}
    return {
        name: value
        for name, value in msgspec.json.decode(msgspec.json.encode(where | units | data)).items()
        if name in parts
    }
