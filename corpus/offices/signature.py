"""Lines of a signature: the offices that sign, and the day."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from corpus.datafiles import load
from corpus.notation.numerals import numeral

_HAN_YEAR = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN = "〇○零一二三四五六七八九十"
_DATE = re.compile(
    rf"^(?P<year>20[0-9]{{2}}|[{_HAN}]{{4}})\s*[年./-]\s*(?P<month>[0-9]{{1,2}}|[{_HAN}]{{1,2}})\s*[月./-]\s*"
    rf"(?P<day>[0-9]{{1,2}}|[{_HAN}]{{1,3}})\s*日?(?:\s+[0-9:]+)?$"
)
_MONTH = re.compile(rf"^(?:20[0-9]{{2}}|[{_HAN}]{{4}})\s*年\s*(?:[0-9]{{1,2}}|[{_HAN}]{{1,2}})\s*月$")
_WIDE_BLANK = re.compile("[ \u3000]{2,}|\u3000")
_LONGEST_SIGNERS = 80


def signers(line: str) -> tuple[str, ...]:
    """Return the offices that a line of a signature names, wide blanks between them; none where it is no such line."""
    pieces = [piece for piece in _WIDE_BLANK.split(line) if piece]
    if all(len(piece) == 1 for piece in pieces):
        pieces = ["".join(pieces)]
    names = tuple("".join(piece.split()) for piece in pieces)
    fits = all(name.endswith(issuer_endings()) and not re.search("[，。：；]|关于", name) for name in names)
    return names if fits and len(line) <= _LONGEST_SIGNERS else ()


def is_day(text: str) -> bool:
    """Whether a line is a date and nothing else, with or without a day."""
    return day_of(text) is not None or bool(_MONTH.match(text.strip()))


def day_of(text: str) -> date | None:
    """Return the day that a line consisting of a date names."""
    found = _DATE.match(text.strip())
    if found is None:
        return None
    try:
        return date(int(found["year"].translate(_HAN_YEAR)), *(numeral(found[part]) for part in ("month", "day")))
    except ValueError:
        return None


@cache
def issuer_endings() -> tuple[str, ...]:
    """Return how an issuer's name ends."""
    return tuple(load("metadata")["issuer_endings"])
