"""Which figures count what a question asks for: a share is no number of things, and 几名 asks for 名."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from bot.query.measures import Measure
from bot.query.query import Query


@cache
def _data() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(resources.files("bot.answering").joinpath("counted.toml").read_text(encoding="utf-8"))


def asks_share(query: Query) -> bool:
    """Whether a share of something is asked for."""
    return any(word in query.where.topic for word in _data()["shares"])


def without_share(topic: str) -> str:
    """Return what the share is of: 示范中医馆 for 示范中医馆比例."""
    for word in _data()["shares"]:
        topic = topic.replace(word, "")
    return topic


def fitting(query: Query, measures: Sequence[Measure]) -> list[Measure]:
    """Return the figures that count what is asked for; all where the question doesn't say, or none does."""
    if asks_share(query):
        return [one for one in measures if one.counted.counter in _data()["share_counters"]]
    counters = {one.counted.counter for one in measures} - {""}
    asked = {counter for counter in counters if any(word + counter in query.words for word in _data()["asking"])}
    if asked and asked <= set(_data()["any"]):
        asked = counters - set(_data()["share_counters"])
    return [one for one in measures if one.counted.counter in asked] or list(measures)
