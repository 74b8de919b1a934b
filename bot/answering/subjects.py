"""What offices see to, in the plans' words (``subjects.toml``): which sentence of a task is about one of its units."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources


@cache
def _offices() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    text = resources.files("bot.answering").joinpath("subjects.toml").read_text(encoding="utf-8")
    return tuple((tuple(one["names"]), tuple(one["words"])) for one in tomllib.loads(text)["office"])


@cache
def _of(name: str) -> tuple[str, ...]:
    found = (words for names, words in _offices() if any(piece in name for piece in names))
    return tuple(dict.fromkeys(word for words in found for word in words))


def subjects(names: Iterable[str]) -> tuple[str, ...]:
    """Return the words of all these units, none of a unit whose subject is not known."""
    return tuple(dict.fromkeys(word for name in names for word in _of(name)))
