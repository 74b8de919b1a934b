"""By when: the years and days that a sentence gives, for the text behind them.

到2027年 and 2027年底 fall due with the year; 2027年6月前 falls due with the last day of May, 2027年6月底前 with that
of June.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_DUE = re.compile(
    r"(?P<until>到|至|截至)?(?P<year>20[0-9]{2})年?(?:(?P<month>1[0-2]|[1-9])月(?:(?P<day>[0-9]{1,2})日)?)?"
    r"(?P<end>底|末)?(?P<before>之?前|以前)?"
)


@dataclass(frozen=True, slots=True)
class Due:
    """A time that something is due."""

    start: int
    end: int
    """Span in the text."""
    year: int
    deadline: date | None
    """The last day that still counts, where the text is more exact than the year."""
    printed: str


def find_due(text: str) -> tuple[Due, ...]:
    """Return the times in ``text`` that say by when, in order; a bare year without 到, 前 or 底 is not one."""
    found = []
    for match in _DUE.finditer(text):
        if not (match["until"] or match["before"] or match["end"] or match["month"]):
            continue
        if match["month"] and not (match["until"] or match["before"] or match["end"] or match["day"]):
            continue
        found.append(Due(match.start(), match.end(), int(match["year"]), _last_day(match), match.group()))
    return tuple(found)


def _last_day(match: re.Match[str]) -> date | None:
    year = int(match["year"])
    if not match["month"]:
        return None
    month, day = int(match["month"]), match["day"]
    if day:
        exact = date(year, month, int(day))
        return exact - timedelta(days=1) if match["before"] else exact
    if match["before"] and not match["end"]:
        return date(year, month, 1) - timedelta(days=1)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
