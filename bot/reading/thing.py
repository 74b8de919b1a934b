"""Kinds of things that a message asks for and plans seldom hold: ``data/declines.toml``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from bot.reading.datafiles import load


@cache
def _patterns() -> tuple[tuple[dict[str, Any], re.Pattern[str]], ...]:
    return tuple((entry, re.compile(entry["asks"], re.IGNORECASE)) for entry in load("declines")["asked"])


def thing_asked_for(text: str, in_text: Callable[[str], bool], *, listed: bool) -> str:
    """Return the kind of thing that a message asks for, or an empty string.

    Some kinds yield where a plan prints the words themselves, and some where the message is about a unit's tasks.
    """
    for entry, pattern in _patterns():
        match = pattern.search(text)
        if not match or (listed and entry.get("unless_listed")):
            continue
        if not (entry.get("unless_printed") and in_text(match.group())):
            return str(entry["kind"])
    return ""
