"""A message as typed → the text that everything else reads: one script, one width, no control characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

MAX_LENGTH = 300
"""Characters of a message that are read; nobody asks in more, and work stays bounded."""

_BLANKS = re.compile(r"\s+")


@cache
def _converter() -> Any:  # noqa: ANN401 - the library ships no types
    import opencc

    return opencc.OpenCC("t2s")


def _is_simplified(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def clean(message: str) -> str:
    """Return the message in simplified characters and half-width forms, blanks folded, at most MAX_LENGTH long."""
    text = unicodedata.normalize("NFKC", message[: MAX_LENGTH * 4])
    text = "".join(char for char in text if unicodedata.category(char)[0] != "C" or char in "\n\t")
    if not _is_simplified(text):
        text = _converter().convert(text)
    return _BLANKS.sub(" ", text).strip()[:MAX_LENGTH]


def is_blank(text: str) -> bool:
    """Whether there is nothing to read: no letter, no digit, no Chinese character."""
    return not any(unicodedata.category(char)[0] in "LN" for char in text)


def is_latin(text: str) -> bool:
    """Whether a message is typed in Latin letters only (pinyin), digits and signs aside."""
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and all(char.isascii() for char in letters)
