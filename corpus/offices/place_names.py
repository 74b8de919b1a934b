"""The district that a name begins with: 某省某市某区人民政府 → 某区. A common word (社区, 景区, 城市) is none."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from corpus.datafiles import load

_YEAR = "20[0-9]{2}年度?"
_DEEPEST = 4
"""A name goes down so many levels at most (省, 市, 县, 镇)."""


def district_in(name: str) -> str:
    """Return the smallest place that a name begins with, one after the other; empty where it begins with none."""
    found = ""
    rest = re.sub(f"^(?:{_YEAR})?(?:{'|'.join(_words()['before_places'])})?", "", name)
    for _ in range(_DEEPEST):
        place = _first_place(rest)
        if not is_whole(place):
            break
        found, rest = place, rest[len(place) :]
    if not found and name.startswith(tuple(_words()["national"])):
        return str(_words()["national_district"])
    return found


def is_whole(name: str) -> bool:
    """Whether a place's name ends as one does: 万州区, not 万州."""
    words = _words()
    short = len(name) == words["short_length"] and name.endswith(tuple(words["short_endings"]))
    ends = re.search(f"(?:{_ending().pattern}|{_zones()})$", name)
    return name == words["national_district"] or (ends is not None and not short)


@cache
def _words() -> dict[str, Any]:
    return load("metadata")


def _first_place(text: str) -> str:
    zone = _zone().match(text)
    if zone:
        return zone.group()
    ends = (match.end() for match in _ending().finditer(text, 1))
    return next((text[:end] for end in ends if _is_place(text[:end], text[end:])), "")


@cache
def _zone() -> re.Pattern[str]:
    """Return the pattern of a zone with an office of its own (某经济技术开发区管委会)."""
    offices = "|".join(_words()["zone_offices"])
    return re.compile(rf"[^\W\d]{{2,16}}?(?:{_zones()})(?={offices})")


def _zones() -> str:
    return "|".join(_words()["zones"])


@cache
def _ending() -> re.Pattern[str]:
    return re.compile("|".join((*_words()["small_places"], *_words()["large_places"])))


def _is_place(name: str, after: str) -> bool:
    words = _words()
    stem = re.sub(f"(?:{_ending().pattern})$", "", name)
    fits = 1 <= len(stem) <= words["longest_place"] and re.fullmatch(r"[^\W\d_]+", name)
    common = _is_common(name) or re.search("|".join(words["not_in_places"]), stem)
    return bool(fits) and not common and not re.match(words["not_behind_places"], after)


def _is_common(name: str) -> bool:
    """Whether a name is a common word with or without others before it."""
    words = _words()
    seldom = next((word for word in words["seldom_places"] if name.endswith(word)), None)
    behind = len(name) - len(seldom) if seldom and name not in words["places"] else 1
    return behind != 1 or name.endswith(tuple(words["not_places"]))
