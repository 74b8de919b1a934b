"""By when: the years and days that a sentence gives, for the text behind them.

到2027年 and 2027年底 fall due with the year; 2027年6月前 falls due with the last day of May, 2027年6月底前 with that
of June.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from corpus.datafiles import load, narrow

_DECEMBER = 12
MONTH_ALONE = re.compile(
    r"(?<![0-9年./-])(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>[0-9]{1,2})日|(?P<third>[上中下]旬))?"
    r"(?P<end>底|末)?(?P<before>之?前|以前)?(?<=[底末前])"
)
"""A month that something is due by, printed without its year."""
_YEAR_MONTH = re.compile(r"(?P<year>20[0-9]{2})(?:[年./-](?P<month>1[0-2]|0?[1-9])(?![0-9])|年)?")


@dataclass(frozen=True, slots=True)
class DueDate:
    """A time that something is due."""

    start: int
    end: int
    """Span in the text."""
    year: int
    deadline: date | None
    """The last day that still counts, where the text is more exact than the year."""
    printed: str


@cache
def _pattern() -> re.Pattern[str]:
    data = load("dates")
    compared = "|".join(data["words"]["compared"])
    past = "|".join(data["words"]["past"])
    periods = "|".join(data["periods"])
    return re.compile(
        rf"(?<!{')(?<!'.join(compared.split('|'))})"
        r"(?P<until>到|至|截至|截止|截止到)?(?P<on>于)?"
        r"(?:(?P<year>20[0-9]{2})(?![0-9]|个|家|名|项|元|人)(?P<nian>年)?"
        r"(?:(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>[0-9]{1,2})日|(?P<third>[上中下]旬))?)?"
        rf"|“?(?P<period>{periods})”?(?:时期|期间|规划期)?(?=末|结束))"
        r"(?P<end>年?底|年?末)?(?P<before>之?前|以前)?"
        rf"(?P<past>{past})?"
    )


@cache
def _hint() -> re.Pattern[str]:
    """Return what every time holds: most phrases hold none and are done with."""
    return re.compile("|".join(["20", *load("dates")["periods"]]))


@lru_cache(maxsize=1024)
def find_due(text: str) -> tuple[DueDate, ...]:
    """Return the times in ``text`` that say by when, in order.

    A bare year is one only where it opens the text or a part of it (2027年建成…, ，2027年达到…).
    """
    plain = narrow(text)
    if not _hint().search(plain):
        return ()
    found = []
    for match in _pattern().finditer(plain):
        if not _says_when(match, text):
            continue
        year = int(match["year"] or load("dates")["periods"][match["period"]])
        end = match.start("past") if match["past"] else match.end()
        found.append(DueDate(match.start(), end, year, _last_day(match, year), text[match.start() : end]))
    return tuple(sorted([*found, *_of_same_year(plain, text, found)], key=lambda due: due.start))


def _of_same_year(plain: str, text: str, found: list[DueDate]) -> Iterator[DueDate]:
    """Yield the times without a year behind one that has it (6月底前完成甲，12月底前完成乙)."""
    at = 0
    for match in MONTH_ALONE.finditer(plain):
        # Both are in order and neither overlaps its like, so each time is looked at once.
        while at < len(found) and found[at].end <= match.start():
            at += 1
        if at and not (at < len(found) and found[at].start < match.end()):
            year = found[at - 1].year
            yield DueDate(match.start(), match.end(), year, _last_day(match, year), text[match.start() : match.end()])


@cache
def _moment() -> re.Pattern[str]:
    printed = load("dates")["printed"]
    return re.compile(rf"(?<![0-9])(?:{'|'.join(printed['moments'])}){printed['ends']}")


@dataclass(frozen=True, slots=True)
class PrintedTime:
    """A time as a text prints it."""

    start: int
    end: int
    printed: str


@lru_cache(maxsize=1024)
def find_times(text: str) -> tuple[PrintedTime, ...]:
    """Return the times that ``text`` prints for something, in order: by when it is due, in what turn or season."""
    found = [PrintedTime(due.start, due.end, due.printed) for due in find_due(text)]
    for match in _moment().finditer(narrow(text)):
        if not any(one.start < match.end() and match.start() < one.end for one in found):
            found.append(PrintedTime(match.start(), match.end(), text[match.start() : match.end()]))
    return tuple(sorted(found, key=lambda one: one.start))


def label_due(text: str) -> DueDate | None:
    """Return the time that a label gives (2025年6月, 2024—2025年): the last one, for whatever words stand around it."""
    found = find_due(text)
    years = list(_YEAR_MONTH.finditer(narrow(text)))
    if found or not years:
        return found[-1] if found else None
    last = years[-1]
    month = int(last["month"]) if last["month"] else None
    deadline = _day(int(last["year"]), month, 31) if month else None
    return DueDate(last.start(), last.end(), int(last["year"]), deadline, last.group())


def recurring_words() -> tuple[str, ...]:
    """Return the words by which a text says that something comes round again (每年)."""
    return tuple(load("dates")["words"]["recurring"])


def recurs(text: str) -> bool:
    """Whether a text says that something comes round again."""
    return any(word in text for word in recurring_words())


def _says_when(match: re.Match[str], text: str) -> bool:
    if match["on"]:
        dated = bool(match["month"] or match["before"])
        return dated and not re.search(load("dates")["words"]["not_on"], text[: match.start("on")])
    if match["until"] or match["before"] or match["end"]:
        return True
    if match["month"]:
        return False
    opens = match.start() == 0 or text[match.start() - 1] in "，,；;、：:（("
    opens = opens or text.endswith(tuple(load("dates")["words"]["hoped"]), 0, match.start())
    reached = text.startswith(tuple(load("dates")["words"]["reached"]), match.end())
    return bool(match["nian"]) and (opens or reached) and not match["past"]


def _last_day(match: re.Match[str], year: int) -> date | None:
    if not match["month"]:
        return None
    month = int(match["month"])
    if match["day"]:
        exact = _day(year, month, int(match["day"]))
        return exact - timedelta(days=1) if match["before"] else exact
    if match["before"] and not match["end"] and not match["third"]:
        return date(year, month, 1) - timedelta(days=1)
    return _day(year, month, 31)


def _day(year: int, month: int, day: int) -> date:
    """Return the day, or the month's last one where the month is shorter."""
    last = date(year + month // _DECEMBER, month % _DECEMBER + 1, 1) - timedelta(days=1)
    return date(year, month, max(1, min(day, last.day)))
