"""Lists of numbers that belong to a list of names or years in order: 甲、乙分别达到5个、1个."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.notation.numbers import Number, find_numbers

_SHARED = re.compile(r"(?P<names>.+?)(?P<between>[^、]{0,4}?)分别(?P<right>.+)$", re.DOTALL)
_YEARS = re.compile(r"(?P<years>20[0-9]{2}年?(?:(?:[、和]|以及)20[0-9]{2}年)+)")
_NAME_END = re.compile("[、和与及]")
_PAIR = 2
_WORD = 3
"""Names up to this long are single words that share all but the last name's first word (城镇、农村居民参保率)."""


@dataclass(frozen=True, slots=True)
class Share:
    """One name or year with its own number out of the list."""

    name: str
    year: int | None
    number: Number
    comparator: str
    figure: str


@dataclass(frozen=True, slots=True)
class Shared:
    """The whole list, and the text on both sides of 分别 for its verb."""

    left: str
    verb_text: str
    shares: tuple[Share, ...]


def read_shared(phrase: str, years: tuple[int, ...] = ()) -> Shared | None:
    """Return the names or years of ``phrase`` with their numbers; ``years`` were listed before the phrase."""
    found = _SHARED.match(phrase)
    if not found:
        return None
    numbers = tuple(find_numbers(found["right"]))
    if len(numbers) < _PAIR:
        return None
    left = found["names"] + found["between"]
    own = _YEARS.search(left)
    if own:
        years = tuple(int(year) for year in re.findall(r"20[0-9]{2}", own["years"]))
        left = left[: own.start()] + left[own.end() :]
    names = _names(left)
    if len(years) == len(numbers):
        names = (left,) * len(numbers)
    elif len(names) == len(numbers):
        years = ()
    else:
        return None
    shares = _shares(names, years, numbers, found["right"])
    return Shared(found["names"], found["right"][: numbers[0].start], shares)


def _shares(
    names: tuple[str, ...], years: tuple[int, ...], numbers: tuple[Number, ...], right: str
) -> tuple[Share, ...]:
    first = numbers[0]
    prefix = right[first.start : first.digits]
    shares = []
    for at, (name, number) in enumerate(zip(names, numbers, strict=True)):
        own = number.comparator != "=" or number is first
        figure = right[number.start : number.end] if own else prefix + right[number.digits : number.end]
        shares.append(
            Share(
                name=name,
                year=years[at] if years else None,
                number=number,
                comparator=number.comparator if own else first.comparator,
                figure=figure,
            )
        )
    return tuple(shares)


def listed_years(text: str) -> tuple[int, ...]:
    """Return the years of a list such as 到2025年、2030年; empty where there is none."""
    found = _YEARS.search(text)
    return tuple(int(year) for year in re.findall(r"20[0-9]{2}", found["years"])) if found else ()


def _names(text: str) -> tuple[str, ...]:
    """Split 精品中医馆、示范中医馆达标率 and give what the names share at the end of the last one to the others."""
    names = [name for name in _NAME_END.split(text) if name]
    if len(names) < _PAIR:
        return tuple(names)
    last = names[-1]
    if all(len(name) <= _WORD for name in names[:-1]):
        return (*(name + last[len(name) :] for name in names[:-1]), last)
    for name in names[:-1]:
        for size in range(min(len(name), len(last)), 1, -1):
            at = last.find(name[-size:])
            if at >= 0:
                ending = last[at + size :]
                return (*(one + ending for one in names[:-1]), last)
    return tuple(names)
