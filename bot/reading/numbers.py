"""Years, dates and clause numbers in a message."""

from __future__ import annotations

import re
from datetime import date

from bot.query.query import ClauseRef
from corpus.model import Place
from corpus.notation.numerals import numeral

_HAN = "一二两三四五六七八九十"
_PART_OF_YEAR = "(?:年(?:年?[底末初]|度)?)?"
"""Behind a year; 底 and 初 are no topic of their own."""
_YEAR = re.compile(rf"(?<![0-9.])(?:(?P<full>(?:19|20)[0-9]{{2}})|(?P<short>[1-9][0-9])(?=年))(?![0-9]){_PART_OF_YEAR}")
_HAN_YEAR = re.compile(rf"二[零〇]([零〇一二三四五六七八九])([零〇一二三四五六七八九])(?=年){_PART_OF_YEAR}")
_BEFORE = re.compile(
    r"(?P<year>20[0-9]{2})年?(?:(?P<month>1[0-2]|0?[1-9])月?)?(?P<half>上半年)?(?:底|末|份)?(?:之前|以前|前|内)|(?P<this>今年)(?:内|底|年底)?(?:之前|以前|前|要|完成|到期)"
)
_DOTTED = re.compile(r"(?<![0-9.])(?P<number>[0-9]{1,2}(?:\.[0-9]{1,2}){1,3})(?![0-9%.])(?!(?:个|亿|万|倍))")
_N = f"(?:[0-9]{{1,3}}|[{_HAN}]{{1,3}})"
_PART = re.compile(
    rf"第?(?P<a>{_N})(?:部分|章|大点|大条|大项|大块|板块|编)的?[,、 ]?"
    rf"(?:的?第?(?P<b>{_N})(?:条|节|点|项|款|个|小点|小节|小项|小条))?"
    rf"(?:的?[,、 ]?第?(?P<c>{_N})(?:条|点|项|小点|是|款|小项))?"
)
_BRACKET = re.compile(rf"(?P<a>[{_HAN}]{{1,3}})[、.]?\((?P<b>[{_HAN}]{{1,3}})\)[、.]?(?:(?P<c>{_N})(?![0-9年月]))?")
_PLACES = {Place.ANNEX: ("附件", "清单", "任务", "附表"), Place.BODY: ("正文", "主体")}


def find_years(text: str) -> tuple[tuple[int, int, int], ...]:
    """Return (start, end, year) for each year in ``text``: 2027, 27年, 二〇二七年."""
    found = []
    for match in _YEAR.finditer(text):
        year = int(match["full"] or "20" + match["short"])
        found.append((match.start(), match.end(), year))
    found += [
        (match.start(), match.end(), 2000 + 10 * numeral(match[1]) + numeral(match[2]))
        for match in _HAN_YEAR.finditer(text)
    ]
    return tuple(sorted(found))


def find_before(text: str, today: date) -> tuple[int, int, date] | None:
    """Return the span and the last day of a time limit (2027年6月前 → 31 May 2027, 今年 → 31 December)."""
    match = _BEFORE.search(text)
    if not match:
        return None
    if match["this"]:
        return match.start(), match.end(), date(today.year, 12, 31)
    year = int(match["year"])
    if match["month"]:
        month = int(match["month"])
        inclusive = any(word in match.group() for word in ("底", "末", "内"))
        last = (
            _month_end(year, month) if inclusive else _month_end(*((year, month - 1) if month > 1 else (year - 1, 12)))
        )
        return match.start(), match.end(), last
    last = date(year, 6, 30) if match["half"] else date(year, 12, 31)
    return match.start(), match.end(), last


def _month_end(year: int, month: int) -> date:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(first_of_next.toordinal() - 1)


def find_clause(text: str) -> tuple[int, int, ClauseRef] | None:
    """Return the span and the clause number that a message names, or None."""
    place = next((name for name, words in _PLACES.items() if any(word in text for word in words)), None)
    dotted = _DOTTED.search(text)
    if dotted:
        return dotted.start(), dotted.end(), ClauseRef(dotted=dotted["number"], place=place)
    for pattern in (_PART, _BRACKET):
        match = pattern.search(text)
        if match:
            parts = tuple(numeral(match[name]) for name in "abc" if match[name])
            return match.start(), match.end(), ClauseRef(parts=parts, place=place)
    return None
