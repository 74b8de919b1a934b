"""Text as a file may hold it."""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML 1.0 has no place for: https://www.w3.org/TR/xml/#charsets"""


def printable(text: str) -> str:
    """Return a text without the characters that would make a file unreadable."""
    return _UNPRINTABLE.sub("", text)
