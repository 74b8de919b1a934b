"""The words and sentence patterns that synthetic plans are made of, read once from the data files here."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_SLOT = re.compile(r"\{(\w+)\}")


@cache
def load(name: str) -> dict[str, Any]:
    """Return ``data/NAME.toml`` as a dictionary."""
    return tomllib.loads(Path(__file__).with_name("data").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def all_text() -> str:
    """Return every word of the grammar, the topics and the offices: names of places must not stand in it."""
    folder = Path(__file__).with_name("data")
    return "".join(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in ("grammar", "topics"))


class Speaker:
    """Fills patterns: ``own`` lists (a topic's words, a district's towns) come before the grammar's."""

    def __init__(self, random: Random, own: dict[str, tuple[str, ...]]) -> None:
        self.random = random
        self._lists: dict[str, tuple[str, ...] | list[str]] = {**load("grammar")["lists"], **own}

    def say(self, pattern: str, **fixed: str) -> str:
        """Return the pattern with each slot filled: with the value of ``fixed``, else drawn from the list."""
        return _SLOT.sub(lambda slot: fixed.get(slot[1]) or self._draw(slot[1]), pattern)

    def any_of(self, *path: str) -> str:
        """Return a pattern drawn from the grammar's table or list at ``path``, filled."""
        value: Any = load("grammar")
        for key in path:
            value = value[key]
        return self.say(self.random.choice(value))

    def _draw(self, name: str) -> str:
        return self.random.choice(self._lists[name])
