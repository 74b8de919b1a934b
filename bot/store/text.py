"""What may stand in a text column: people's programs send what no database takes.

PostgreSQL takes no NUL, UTF-8 no half of a surrogate pair, and a column of 255 characters no 300. Every text column
is of one of the two types here, so that whatever a platform sends can be kept, and is found again by the same value.
"""

from __future__ import annotations

import hashlib
import re

from sqlalchemy import Dialect, String, Text, TypeDecorator
from sqlalchemy.exc import DataError, DBAPIError, StatementError

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_DIGEST_BYTES = 16
_DATA_EXCEPTION = "22"
"""The class of PostgreSQL's codes that speak of the value:
https://www.postgresql.org/docs/current/errcodes-appendix.html"""
KEY_CHARACTERS = 255
"""Of a key, as most tables have one."""


def clean(text: str) -> str:
    """Return ``text`` without NUL, and with U+FFFD for half of a surrogate pair; two halves become one character."""
    if not _UNSTORABLE.search(text):
        return text
    whole = text.replace("\0", "").encode("utf-16-le", "surrogatepass")
    return whole.decode("utf-16-le", "replace")


def clean_all(value: object) -> object:
    """Return parsed JSON with every text in it cleaned; RecursionError when it is nested too deeply."""
    match value:
        case str():
            return clean(value)
        case list():
            return [clean_all(item) for item in value]
        case dict():
            return {clean_all(key): clean_all(item) for key, item in value.items()}
        case _:
            return value


def fit(text: str, most: int) -> str:
    """Return ``text`` in at most ``most`` characters: a longer one ends with a digest, so that it is still its own."""
    if len(text) <= most:
        return text
    digest = hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return f"{text[: most - len(digest) - 1]}~{digest}"


class Short(TypeDecorator[str]):
    """A text of at most so many characters."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the interface
        """Return what is stored, or compared with what is."""
        length = self.impl_instance.length if isinstance(self.impl_instance, String) else None
        return value if value is None else fit(clean(value), length or len(value))


class LongText(TypeDecorator[str]):
    """A text of any length."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the interface
        """Return what is stored, or compared with what is."""
        return value if value is None else clean(value)


def is_about_the_value(error: BaseException) -> bool:
    """Whether a database took no offence at its state but at what it was given: trying again changes nothing."""
    if isinstance(error, UnicodeError):
        return True
    if not isinstance(error, DBAPIError):
        return isinstance(error, StatementError)
    code = getattr(error.orig, "sqlstate", None) or ""
    return isinstance(error, DataError) or str(code).startswith(_DATA_EXCEPTION)
