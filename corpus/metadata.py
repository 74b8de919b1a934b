"""What a document's own text says about it: title, issuer, date of issue, district, period.

The front of a published plan is a notice (issuer, 关于印发…的通知, to whom, 《…》已经…同意, signature, date) with the
plan behind it, or the plan alone.  Words that tell are ``data/metadata.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import pairwise

from corpus.blocks import Block, Paragraph
from corpus.datafiles import load
from corpus.dates import find_due
from corpus.furniture import strip
from corpus.model import PlanMeta
from corpus.numbering import han_to_int, parse_mark
from corpus.readers.document import Document

_FRONT = 30
"""Paragraphs in which the front ends at the latest."""
_TITLE_LINES = 4
_PERIOD_YEARS = 5
_HAN_YEAR = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN = "〇○零一二三四五六七八九十"
_DATE = re.compile(
    rf"^(?P<year>20[0-9]{{2}}|[{_HAN}]{{4}})\s*[年./-]\s*(?P<month>[0-9]{{1,2}}|[{_HAN}]{{1,2}})\s*[月./-]\s*"
    rf"(?P<day>[0-9]{{1,2}}|[{_HAN}]{{1,3}})\s*日?(?:\s+[0-9:]+)?$"
)
_FILE_NUMBER = re.compile(r"^\S{1,14}[〔\[（(]\s*20[0-9]{2}\s*[〕\]）)]\s*第?[0-9]+号$")


def meta_of(document: Document, plan_id: str) -> PlanMeta:
    """Return what the document says of itself; empty or None where it says nothing."""
    blocks, _ = strip(document.blocks)
    front = _front(blocks)
    heading = _heading(front)
    hints = document.hints
    issuer = _signature(front) or _issuer_in(heading) or hints.issuer
    title = _approved(front) or _issued_title(heading) or heading or hints.title
    issued = _first_date(front) or _first_date(reversed(_texts(blocks))) or _date(hints.issued)
    start, end = _period(title, blocks, issued)
    return PlanMeta(plan_id, _district(issuer) or _district(title), title, issuer, issued, start, end)


def _texts(blocks: Iterable[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def _front(blocks: Sequence[Block]) -> list[str]:
    """Return the paragraphs before the first heading or table."""
    front: list[str] = []
    for block in blocks[:_FRONT]:
        if not isinstance(block, Paragraph) or (front and parse_mark(block.text) is not None):
            break
        front.append(block.text)
    return front


def _heading(front: list[str]) -> str:
    """Return the document's heading, which often stands on several lines."""
    lines: list[str] = []
    for text in front[: _TITLE_LINES + 1]:
        if (
            text[-1:] in "：:。；"
            or "。" in text
            or _FILE_NUMBER.match(text)
            or _date(text)
            or len(lines) == _TITLE_LINES
        ):
            break
        lines.append(text)
    return _tidy("".join(lines))


def _approved(front: list[str]) -> str:
    """Return the name in 《…》已经…同意; empty where several documents are approved at once."""
    words = "|".join(load("metadata")["approved"])
    pattern = re.compile(rf"^《(?P<title>[^《》]+)》[^《》。]{{0,30}}(?:{words})")
    return next((_tidy(found["title"]) for text in front if (found := pattern.match(text))), "")


def _issued_title(heading: str) -> str:
    """Return what a notice issues: 关于印发X的通知 → X."""
    words = "|".join(load("metadata")["issues"])
    found = re.search(rf"(?:{words})(?P<title>.+?)的?通知$", heading)
    if found is None:
        return ""
    title = found["title"]
    return title[1:-1] if title.startswith("《") and title.endswith("》") and title.count("《") == 1 else title


def _tidy(title: str) -> str:
    marks = str.maketrans("〈〉()", "《》（）")
    return "".join(title.translate(marks).split())


def _issuer_in(heading: str) -> str:
    words = "|".join(["关于", *load("metadata")["issues"]])
    name = re.split(words, heading, maxsplit=1)[0]
    return name if name != heading and name.endswith(_issuer_endings()) else ""


def _signature(front: list[str]) -> str:
    """Return the line above a line that is only a date."""
    signed = (name for name, day in pairwise(front) if _date(day) and name.endswith(_issuer_endings()))
    return next(signed, "")


@cache
def _issuer_endings() -> tuple[str, ...]:
    return tuple(load("metadata")["issuer_endings"])


def _first_date(texts: Iterable[str]) -> date | None:
    return next(filter(None, map(_date, texts)), None)


def _date(text: str) -> date | None:
    """Return the day that a line consisting of a date names."""
    found = _DATE.match(text.strip())
    if found is None:
        return None
    try:
        return date(int(found["year"].translate(_HAN_YEAR)), *(han_to_int(found[part]) for part in ("month", "day")))
    except ValueError:
        return None


def _period(title: str, blocks: Sequence[Block], issued: date | None) -> tuple[int | None, int | None]:
    years = re.search(rf"(20[0-9]{{2}})年?[{load('metadata')['to']}]+(20[0-9]{{2}})", title)
    if years:
        return int(years[1]), int(years[2])
    for name, end in load("dates")["periods"].items():
        if name in title:
            return end - _PERIOD_YEARS + 1, end
    due = Counter(one.year for text in _texts(blocks) for one in find_due(text))
    most = [year for year, often in due.items() if often * 2 > due.total()]
    return (issued.year if issued else None), (most[0] if most else None)


def _district(name: str) -> str:
    """Return the smallest place that a name begins with: 重庆市巴南区人民政府 → 巴南区."""
    data = load("metadata")
    large = "|".join(data["large_places"])
    small = "|".join(data["small_places"])
    found = re.match(rf"(?P<large>[^\W\d]{{2,6}}?(?:{large}))?(?P<small>[^\W\d]{{1,6}}?(?:{small}))?", name)
    places = (found["small"] or found["large"] or "") if found else ""
    if not places and name.startswith(tuple(data["national"])):
        return str(data["national_district"])
    return places
