"""Numbers with what they count, as plans print them: 不低于20%, 3—5个, 1.2亿千瓦, 四级以上, 翻一番.

The words around a number are those of ``data/targets.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from corpus.datafiles import load, narrow
from corpus.notation.numerals import numeral

_NAMES = re.compile(r"《[^《》]*》|〔[^〔〕]*〕|“[^“”]*”|‘[^‘’]*’")


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its place in the text; ``start`` to ``end`` with comparator words around it."""

    start: int
    end: int
    digits: int
    """Where the number itself begins, behind a comparator."""
    value: float
    upper: float | None
    counter: str
    comparator: str


@cache
def words() -> dict[str, Any]:
    """Return the word lists, those of the table ``words`` beside the others."""
    data = load("targets")
    return {**data, **data["words"]}


@cache
def either(table: str) -> str:
    """Return a pattern for any word of a list, longest first."""
    return "|".join(re.escape(word) for word in sorted(words()[table], key=len, reverse=True))


@cache
def _pattern() -> re.Pattern[str]:
    digits = r"[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
    scale = f"(?:{either('scales')})?"
    counter = f"{either('counters')}|(?:{either('latin_counters')})(?![A-Za-z0-9²³])"
    return re.compile(
        rf"(?<![A-Za-z0-9.])(?P<before>{either('comparators')})?[ ]?"
        rf"(?:(?P<low>{digits})(?:{scale}(?:{counter})?[—–\-~～至到]+(?P<high>{digits}))?[余多]?"
        rf"(?P<scale>{scale})[余多]?(?:(?P<counter>{counter})|(?<=[万亿]))"
        rf"|(?P<han>[一二三四五六七八九十百两]{{1,12}})(?P<han_counter>{either('han_counters')})"
        rf"|(?P<doubling>{either('doubling')}))"
        rf"(?P<after>{either('after')})?"
    )


@cache
def _hint() -> re.Pattern[str]:
    """Return what every number holds at least one character of: most phrases hold none and are done with."""
    return re.compile(f"[0-9一二三四五六七八九十百两{''.join(word[0] for word in words()['doubling'])}]")


@cache
def _no_counts() -> re.Pattern[str]:
    """Spans whose numbers are part of a name: titles, quoted names, 15分钟生活圈."""
    return re.compile("|".join([_NAMES.pattern, *words()["name_patterns"]]))


@lru_cache(maxsize=1024)
def find_numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers in ``text`` that count something to be reached, in order."""
    return tuple(_numbers(narrow(text))) if may_count(text) else ()


def may_count(text: str) -> bool:
    """Whether ``text`` holds any character of a number; a quick look before a long one."""
    return bool(_hint().search(narrow(text)))


@cache
def _any_of(table: str) -> tuple[str, ...]:
    return tuple(words()[table])


@cache
def _longest(table: str) -> int:
    return max(map(len, words()[table]), default=0)


class _Text:
    """A text with what is the same for each of its numbers, so that a look at one does not go through it all."""

    def __init__(self, text: str) -> None:
        self.all = text
        self.begins = len(text) - len(text.lstrip("，、及和并"))
        self.ends = len(text.rstrip())
        found = ((text.find(word), word) for word in words()["recurrences"])
        self.recurs_from = min((at + len(word) for at, word in found if at >= 0), default=len(text) + 1)
        """Where the first word of recurrence ends."""

    def before(self, match: re.Match[str], table: str) -> bool:
        """Whether a word of a list stands right before a match."""
        return self.all.endswith(_any_of(table), 0, match.start())


def _numbers(text: str) -> Iterator[Number]:
    names = [found.span() for found in _no_counts().finditer(text)]
    whole, at = _Text(text), 0
    for match in _pattern().finditer(text):
        # Both are in order and neither overlaps its like, so each name is looked at once.
        while at < len(names) and names[at][1] < match.end():
            at += 1
        inside = at < len(names) and names[at][0] <= match.start()
        if not inside and _counts(match, whole):
            yield _number(match)


def _number(match: re.Match[str]) -> Number:
    comparators = words()["comparators"]
    comparator = comparators.get(match["before"] or "") or words()["after"].get(match["after"] or "", "=")
    group = next(name for name in ("low", "han", "doubling") if match[name])
    counter = "倍" if match["doubling"] else (match["scale"] or "") + (match["counter"] or match["han_counter"] or "")
    return Number(
        start=match.start() + len(match.group()) - len(match.group().lstrip()),
        end=match.end(),
        digits=match.start(group),
        value=_value(match),
        upper=float(match["high"].replace(",", "")) if match["high"] else None,
        counter=counter,
        comparator=comparator,
    )


def _value(match: re.Match[str]) -> float:
    if match["low"]:
        return float(match["low"].replace(",", ""))
    if match["doubling"]:
        return float(words()["doubling"][match["doubling"]])
    return float(numeral(match["han"]))


def _counts(match: re.Match[str], text: _Text) -> bool:
    """Whether a match is a number to be reached, not a year, a grade inside a name or a number of a document."""
    counter = match["counter"] or match["han_counter"] or ""
    if match["doubling"]:
        return True
    if counter == "年" or text.before(match, "not_after"):
        return False
    reached = text.before(match, "reaching") or bool(match["before"])
    if counter in words()["grades"]:
        return reached
    if match["low"]:
        return not _is_described(match, text.all)
    rest = counter + (match["after"] or "") + text.all[match.end() : match.end() + _longest("not_counted")]
    if rest.startswith(_any_of("not_counted")) or match["han"] + rest[:1] in words()["vague"]:
        return False
    return reached or _is_made(match, text) or text.recurs_from <= match.start()


def _is_described(match: re.Match[str], text: str) -> bool:
    """Whether a number only counts what words before it describe (关税为零的2034种), without a verb that sets out."""
    before = match.start()
    return text.endswith("的", 0, before) and not match["before"] and not _sets_out().match(text, 0, before)


@cache
def _sets_out() -> re.Pattern[str]:
    """Return the pattern of words that open with a verb which can be set out to do: 达到 and 为 also describe."""
    verbs = [word for word in words()["verbs"] if word not in words()["goes_on"]]
    return re.compile(f".{{0,6}}(?:{'|'.join(verbs)})")


def _is_made(match: re.Match[str], text: _Text) -> bool:
    """Whether a number in Chinese characters stands right behind a verb of making, or ends what that makes."""
    opens = text.all.startswith(_any_of("making"), text.begins, max(match.start(), text.begins))
    return text.before(match, "making") or (match.end() >= text.ends and opens)
