"""Any JSON that reads as a query is answered; any other is refused as what it is."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.query.query import Aspect, Fact, GroupBy, Match, Order, Query, Select
from bot.store.text import clean
from corpus.model import Place, Role
from tests.fuzz.making import messages, values

texts = messages.map(clean)
numbers = st.integers(-3, 3000) | st.integers(-(2**63), 2**63 - 1)
terms = st.fixed_dictionaries(
    {"name": texts}, optional={"keys": st.lists(texts, max_size=2), "ambiguous": st.booleans()}
)
wheres = st.fixed_dictionaries(
    {},
    optional={
        "districts": st.lists(st.sampled_from(["巴南区", "渝中区", "江北区", ""]) | texts, max_size=3),
        "units": st.lists(terms, max_size=3),
        "match": st.sampled_from([str(one) for one in Match]),
        "role": st.sampled_from([one.value for one in Role]),
        "without": st.lists(terms, max_size=2),
        "names": st.lists(texts, max_size=2),
        "topic": texts,
        "years": st.lists(numbers, max_size=3),
        "before": st.dates().map(str),
        **dict.fromkeys(("dated", "recurring", "figures", "assigned", "differing"), st.booleans()),
        "place": st.sampled_from([one.value for one in Place]),
    },
)
references = st.fixed_dictionaries({}, optional={"dotted": texts, "parts": st.lists(numbers, max_size=4)})
queries = st.fixed_dictionaries(
    {"select": st.sampled_from([str(one) for one in Select])},
    optional={
        "where": wheres,
        "clause": references,
        "aspect": st.sampled_from([str(one) for one in Aspect]),
        "fact": st.sampled_from([str(one) for one in Fact]),
        "group": st.sampled_from([str(one) for one in GroupBy]),
        "order": st.sampled_from([str(one) for one in Order]),
        "entry": numbers,
        **dict.fromkeys(("count", "all_units", "tentative"), st.booleans()),
        **dict.fromkeys(("thing", "core", "words", "earlier"), texts),
    },
)


@given(queries)
def test_a_query(answerer: Answerer, query: dict[str, Any]) -> None:
    """Whatever it asks for in whatever combination, there is a first line."""
    read = Query.from_json(json.dumps(query))
    assert read is not None
    assert answerer.answer_query(read).headline.strip()
    assert Query.from_json(read.to_json()) == read


@given(st.one_of(values, st.fixed_dictionaries({"select": messages, "where": values})))
def test_json_that_is_no_query(value: object) -> None:
    """It is None, or a query; nothing else comes of it."""
    text = json.dumps(value)
    assert Query.from_json(text) is None or isinstance(Query.from_json(text), Query)


@given(st.sampled_from("[{"), st.integers(1, 200_000), st.binary(max_size=20))
def test_deep_and_broken_json(bracket: str, depth: int, after: bytes) -> None:
    """JSON that is nested without end, or none at all, is no query and no state."""
    text = (bracket if bracket == "[" else '{"where":') * depth + after.decode("utf-8", "replace")
    assert Query.from_json(text) is None
    assert ChatState.from_json(text) == ChatState()


def test_the_json_of_every_example_is_its_query(answerer: Answerer) -> None:
    """What is kept between messages comes back as it was."""
    _, state = answerer.ask("区教委在人才方面牵头哪些任务")
    assert msgspec.json.decode(state.query, type=Query) == Query.from_json(state.query)
