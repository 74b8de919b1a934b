"""What a document's own text says about it: title, issuer, date of issue, district, period.

The front of a published plan is a notice (issuer, 关于印发…的通知, to whom, 《…》已经…同意, signature, date) with the
plan behind it, or the plan alone.  Words that tell are ``data/metadata.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from itertools import dropwhile, takewhile
from urllib.parse import urlsplit

from corpus.blocks import Block, Paragraph
from corpus.datafiles import load
from corpus.model import PlanMeta
from corpus.notation.dates import find_due
from corpus.notation.numbering import parse_mark
from corpus.offices.place_names import district_in
from corpus.offices.signature import day_of, is_day, issuer_endings, signers
from corpus.readers.document import Document, Hints
from corpus.structure.furniture import strip
from corpus.structure.outline import is_annex_line

_FRONT = 30
"""Paragraphs in which the front ends at the latest."""
_TITLE_LINES = 4
_PERIOD_YEARS = 5
_ONE_YEAR = re.compile(r"(?<![0-9到至—-])(20[0-9]{2})年度?(?![0-9—–－~～至-])")
_LABELLED = re.compile(r"^[^\W\d_]{2,6}[：:]\s*\S")
"""A particular below the title (填报单位：…)."""
_FILE_NUMBER = re.compile(r"^\S{1,14}[〔\[（(]\s*20[0-9]{2}\s*[〕\]）)]\s*第?[0-9]+号$")


def meta_of(document: Document, plan_id: str) -> PlanMeta:
    """Return what the document says of itself; empty or None where it says nothing."""
    blocks, _ = strip(document.blocks)
    _, hints = _without_particulars(_front(document.blocks), document.hints)
    front, _ = _without_particulars(_front(blocks), hints)
    heading = _heading(front)
    heading = hints.title if hints.title and parse_mark(heading) else heading
    end_of_text = _texts(blocks)[-_FRONT:]
    issuer = _signature(front) or _issuer_in(heading) or hints.issuer or _signature(end_of_text)
    title = _approved(front) or _issued_title(heading) or heading or hints.title
    issued = _first_date(front) or _first_date(reversed(_texts(blocks))) or day_of(hints.issued)
    start, end = _period(title, blocks, issued)
    district = district_in(issuer) or district_in(title) or district_in(next(iter(front), ""))
    return PlanMeta(plan_id, district, title, issuer, issued, start, end, document.recognised, web_address(hints.url))


def web_address(text: str) -> str:
    """Return a full address of a web page; empty for anything else, so that what links to it is never a script."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and parts.netloc and not re.search(r"[\s\"'<>()]", text.strip())
    return text.strip() if fit else ""


def _without_particulars(front: list[str], hints: Hints) -> tuple[list[str], Hints]:
    """Return the front without lines such as 发文机关：…, and the hints with what these say."""
    names = {label: kind for kind, labels in load("web_page")["particulars"].items() for label in labels}
    told = asdict(hints)
    kept = []
    for text in front:
        label, colon, value = text.replace(":", "：").partition("：")
        kind = names.get("".join(label.split()))
        if not colon or kind is None or text.endswith(("：", ":")):
            kept.append(text)
        elif kind in told:
            told[kind] = told[kind] or value.strip()
    return (kept, Hints(**told)) if kept else (front, hints)


def _texts(blocks: Iterable[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def _front(blocks: Sequence[Block]) -> list[str]:
    """Return the paragraphs before the first heading or table."""
    front: list[str] = []
    for block in blocks[:_FRONT]:
        if not isinstance(block, Paragraph) or (front and _opens_text(block, blocks[0])):
            break
        front.append(block.text)
    return front


def _opens_text(block: Paragraph, first: Block) -> bool:
    """Whether a paragraph is a heading: numbered, or styled otherwise than the title."""
    styled = block.level and isinstance(first, Paragraph) and block.level != first.level
    return bool(styled) or parse_mark(block.text) is not None


def _heading(front: list[str]) -> str:
    """Return the document's heading, which often stands on several lines, and is sometimes printed twice."""
    lines: list[str] = []
    front = list(dropwhile(is_annex_line, front))
    for number, text in enumerate(front[: _TITLE_LINES + 1]):
        signed = bool(lines) and _is_signature(front[number:])
        if _ends_heading(text) or signed or text in lines or len(lines) == _TITLE_LINES:
            break
        lines.append(text)
    return _tidy("".join(lines))


def _ends_heading(text: str) -> bool:
    told = text[-1:] in "：:。；" or "。" in text or _LABELLED.match(text)
    return bool(told or _FILE_NUMBER.match(text) or is_day(text))


def _is_signature(texts: list[str]) -> bool:
    """Whether the paragraphs begin with names of offices and a date below them."""
    names = list(takewhile(signers, texts))
    return bool(names) and len(names) < len(texts) and is_day(texts[len(names)])


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
    return name if name != heading and name.endswith(issuer_endings()) else ""


def _signature(texts: list[str]) -> str:
    """Return the offices on the lines above the first line that is only a date."""
    for number, day in enumerate(texts):
        lines = list(takewhile(signers, reversed(texts[:number]))) if is_day(day) else []
        if lines:
            return "、".join(name for line in reversed(lines) for name in signers(line))
    return ""


def _first_date(texts: Iterable[str]) -> date | None:
    return next(filter(None, map(day_of, texts)), None)


def _period(title: str, blocks: Sequence[Block], issued: date | None) -> tuple[int | None, int | None]:
    years = re.search(rf"(20[0-9]{{2}})年?[{load('metadata')['to']}]+(20[0-9]{{2}})", title)
    if years:
        return int(years[1]), int(years[2])
    for name, end in load("dates")["periods"].items():
        if name in title:
            return end - _PERIOD_YEARS + 1, end
    one_year = _ONE_YEAR.findall(title)
    if len(set(one_year)) == 1:
        return int(one_year[0]), int(one_year[0])
    due = Counter(one.year for text in _texts(blocks) for one in find_due(text))
    most = [year for year, often in due.items() if often * 2 > due.total()]
    return (issued.year if issued else None), (most[0] if most else None)
