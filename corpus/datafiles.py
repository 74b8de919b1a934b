"""The language data files beside this module, read once: knowledge about words is data, not code."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
"""Full-width digits, point and per cent to plain ones, one character each, so that positions in the text stay."""
WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
"""The digits alone."""


_ANY_WIDE = re.compile(f"[{''.join(map(chr, WIDE))}]")


def narrow(text: str) -> str:
    """Return ``text`` with full-width digits, point and per cent plain; most texts hold none and are not copied."""
    return text.translate(WIDE) if _ANY_WIDE.search(text) else text


@cache
def load(name: str) -> dict[str, Any]:
    """Return the data file ``corpus/data/NAME.toml`` as a dictionary."""
    text = resources.files("corpus").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
