"""Kinds of things that plans seldom hold (a telephone number, a price), each with what proves that one does."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources


@cache
def _patterns() -> dict[str, re.Pattern[str] | None]:
    text = resources.files("bot.answering").joinpath("things.toml").read_text(encoding="utf-8")
    return {kind: re.compile(pattern) if pattern else None for kind, pattern in tomllib.loads(text)["evidence"].items()}


def is_known(kind: str) -> bool:
    """Whether this is a kind of thing that can be asked for."""
    return kind in _patterns()


def evidence(kind: str) -> re.Pattern[str] | None:
    """Return what a clause must hold to have such a thing in it; None where no clause can."""
    return _patterns()[kind]
