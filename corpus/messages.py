"""The one door to every line the corpus says to a person: ``messages.toml``, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from corpus.program import called


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = resources.files("corpus").joinpath("messages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def table(name: str) -> dict[str, str]:
    """Return one table of the messages, unfilled; KeyError names a missing one."""
    return _tables()[name]


def say(key: str, **values: object) -> str:
    """Return the message ``table.key`` with its ``{names}`` filled in; KeyError names a missing one.

    ``{wence}`` is what is typed here to run a command.
    """
    name, _, entry = key.partition(".")
    text = table(name)[entry]
    return text.format(wence=called() if "{wence}" in text else "", **values)
