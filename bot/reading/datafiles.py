"""The data files of ``bot/reading/data``, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Return the data file ``NAME.toml`` as a dictionary."""
    text = resources.files("bot.reading").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
