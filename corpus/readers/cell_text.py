"""A workbook's cell as its reader sees it: the stored value through the number format of the cell.

Formats: ECMA-376 part 1, 18.8.31. What a plan's figures need is read: percent, decimals, quoted words, dates.
"""

from __future__ import annotations

import re
from datetime import date, datetime

_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_COLOUR = re.compile(r"\[[^\]]*\]")
_DECIMALS = re.compile(r"\.(0+)")
_GENERAL = ".10g"


def text_of(value: object, form: str) -> str:
    """Return what a cell shows; empty for one without a value."""
    if value is None:
        return ""
    if isinstance(value, date):
        return _day(value, form)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value, form)
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()


def _day(value: date, form: str) -> str:
    """Return a date as far as its format goes: a year, a month, a day."""
    words = _COLOUR.sub("", _QUOTED.sub("", form)).lower()
    midnight = not isinstance(value, datetime) or value.time() == datetime.min.time()
    if "d" in words or not midnight or "y" not in words:
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.year}年{value.month}月" if "m" in words else f"{value.year}年"


def _number(value: float, form: str) -> str:
    section = _COLOUR.sub("", form.partition(";")[0])
    bare = _QUOTED.sub("", section)
    decimals = _DECIMALS.search(bare)
    percent = "%" in bare
    number = value * 100 if percent else value
    text = f"{number:.{len(decimals[1])}f}" if decimals else format(number, _GENERAL)
    before, after = _words(section)
    return f"{before}{text}{'%' if percent else ''}{after}"


def _words(section: str) -> tuple[str, str]:
    """Return the quoted words that a format prints before and behind the number."""
    places = [at for at in (section.find(sign) for sign in "0#?") if at >= 0]
    first = min(places, default=len(section))
    found = [(match.start(), match[1] or match[2] or "") for match in _QUOTED.finditer(section)]
    return "".join(text for at, text in found if at < first), "".join(text for at, text in found if at > first)
