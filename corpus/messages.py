"""The one door to every line the corpus says to a person: ``messages.toml``, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = resources.files("corpus").joinpath("messages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def say(key: str, **values: object) -> str:
    """Return the message ``table.key`` with its ``{names}`` filled in; KeyError names a missing one."""
    table, _, name = key.partition(".")
    return _tables()[table][name].format(**values)
