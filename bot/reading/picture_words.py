"""Words at the end of a message that ask for a picture of its answer, from ``data/language.toml``."""

from __future__ import annotations

import re
from functools import cache

from bot.reading.datafiles import load
from bot.reading.text import clean


@cache
def _pattern() -> re.Pattern[str]:
    words = load("language")["picture"]
    either = ("|".join(sorted(map(re.escape, words[name]), key=len, reverse=True)) for name in ("ends", "apart"))
    ends, apart = either
    return re.compile(
        rf"(?:(?P<rest>.*?)[\s，,、的]*(?:{ends})|(?:(?P<before>.*)[\s，,、的])?(?:{apart}))\W*", re.DOTALL
    )


def without_picture_words(message: str) -> tuple[str, bool]:
    """Return a message without the words that ask for a picture, and whether it had some; it may be empty then."""
    found = _pattern().fullmatch(clean(message))
    if found is None:
        return message, False
    return (found["rest"] or found["before"] or "").strip(" ，,、"), True
