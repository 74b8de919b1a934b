"""Bytes → text: UTF-8, GBK/GB18030, UTF-16 with or without its mark, or what the bytes look like."""

from __future__ import annotations

import charset_normalizer

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CHINESE = ("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "gb18030")
_DAMAGE = 0.002
"""Share of unreadable characters up to which a text counts as damaged, not as another encoding."""
_ODD = 0.01
"""Share of control characters above which bytes are no text."""
_ODD = 0.01
"""Share of control characters above which bytes are no text."""


def decode(data: bytes, declared: str = "") -> str:
    """Return the text of a file; ``declared`` is the encoding that it names itself, tried after UTF-8.

    Raises ValueError when the bytes are no text.
    """
    text = _decoded(data, declared)
    odd = sum(not char.isprintable() and not char.isspace() for char in text)
    if odd > max(4, _ODD * len(text)):
        raise ValueError("binary data")
    return text


def _decoded(data: bytes, declared: str) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data:
        return _wide(data)
    declared = "gb18030" if declared.lower() in _CHINESE else declared.lower()
    for encoding in ("utf-8", declared, "gb18030"):
        text = _strict(data, encoding)
        if text is not None:
            return text
    for encoding in ("utf-8", declared, "gb18030"):
        text = _damaged(data, encoding)
        if text is not None:
            return text
    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise ValueError("unknown encoding")
    return str(best)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding) if encoding else None
    except (UnicodeDecodeError, LookupError):
        return None


def _damaged(data: bytes, encoding: str) -> str | None:
    """Return the text with its few broken characters marked; None when they are many."""
    try:
        text = data.decode(encoding, errors="replace") if encoding else ""
    except LookupError:
        return None
    return text if text.count("\ufffd") <= max(2, _DAMAGE * len(text)) and text else None


def _wide(data: bytes) -> str:
    """Return text in UTF-16 without a byte order mark: Chinese has its blanks and line ends as NUL and a byte."""
    encoding = "utf-16-le" if data.count(b"\n\0") >= data.count(b"\0\n") else "utf-16-be"
    return data.decode(encoding, errors="replace")
