"""A printed list of units → their names, by the words and patterns of ``data/responsibility.toml``.

A name may hold what parts other names (各市、县、区政府, 工业和信息化部) or wrap over lines; 等有关部门 leaves a list
open.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpus.datafiles import load
from corpus.offices.units import collectives, office_of

_SHORTEST_NAME, _LONGEST_NAME = 2, 30
_SHORTEST_OFFICE = 3
_PRIVATE = 0xE000
_BLANKS = re.compile(r"[ \u3000\xa0]+")
_TRIM = "。．.：:“”\"' 　\t\xa0"


@cache
def _unit_form() -> re.Pattern[str]:
    endings = sorted(load("units")["form"]["endings"], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, endings))})(?:[（(][^（）()]*[）)])?$")


@lru_cache(maxsize=8192)
def is_unit_name(name: str) -> bool:
    """Whether ``name`` has the form of a unit's name (ends in 局, 委, 办, 中心, 街道 …)."""
    fits = _SHORTEST_NAME <= len(name) <= _LONGEST_NAME and not re.search("[。；：，《》0-9]", name)
    seems = name.endswith(tuple(load("units")["form"]["not_units"]))
    return fits and not seems and bool(_unit_form().search(name))


@lru_cache(maxsize=8192)
def is_office(name: str) -> bool:
    """Whether ``name`` is certainly a unit: listed, or by its form with a level of government before it."""
    if office_of(name) or name in collectives():
        return True
    forms = load("units")["form"]
    strong = name.endswith(tuple(forms["strong_endings"]))
    prose = re.search(forms["not_in_names"], name)
    return is_unit_name(name) and not prose and (strong or name.startswith(tuple(forms["levels"])))


@lru_cache(maxsize=1024)
def opens_with_office(text: str) -> bool:
    """Whether a text begins with the name of an office, whatever goes on behind it."""
    lengths = range(_SHORTEST_OFFICE, min(len(text), _LONGEST_NAME) + 1)
    return any(is_office(text[:length]) for length in lengths)


def clean_name(name: str) -> str:
    """Return a name without the signs and numbers around it (★市教委, 1.市教委)."""
    words = load("responsibility")["list"]
    return re.sub(rf"^(?:{words['numbers']}|{words['signs']})+|{words['signs']}$", "", name).strip(_TRIM)


@lru_cache(maxsize=1024)
def split_units(value: str) -> tuple[str, ...]:
    """Return the unit names of a printed list in order, each once, open ends left out."""
    words = load("responsibility")["list"]
    kept: dict[str, str] = {}

    def keep(match: re.Match[str]) -> str:
        sign = chr(_PRIVATE + len(kept))
        kept[sign] = match.group()
        return sign

    value = _part_blanks(unwrap(value))
    value = re.sub(f"^(?:{'|'.join(words['openings'])})", "", value)
    value = re.sub("|".join(words["joined"]), keep, value)
    names: dict[str, None] = {}
    for raw in re.split(f"[{re.escape(words['separators'])}](?![^（(〔]*[）)〕])", value):
        for name in _conjoined(re.sub(words["open_end"], "", raw.strip(_TRIM))):
            whole = re.sub("[\ue000-\uf8ff]", lambda one: kept.get(one.group(), one.group()), name.strip(_TRIM))
            if whole:
                names[whole] = None
    return tuple(names)


@lru_cache(maxsize=4096)
def is_unit_list(text: str) -> bool:
    """Whether a text is units and nothing else, one of them certainly."""
    names = split_units(text)
    certain = any(is_office(name) or name.startswith("各") for name in names)
    return certain and all(map(is_unit_name, names))


def _conjoined(name: str) -> tuple[str, ...]:
    """Split 财政部和税务总局, not 工业和信息化部: both sides must have the form of a unit."""
    words = load("responsibility")["list"]
    for match in re.finditer("|".join(words["conjunctions"]), name):
        left = re.sub(words["open_end"], "", name[: match.start()])
        right = name[match.end() :]
        if _whole(left) and _whole(right) and not (office_of(name) or re.search("[（〔]", name)):
            return (left, *_conjoined(right))
    return (name,)


def _whole(name: str) -> bool:
    return bool(re.search("[\ue000-\uf8ff]", name)) or is_unit_name(name)


def _part_blanks(value: str) -> str:
    """Return the list with blanks between two names made separators, and all others gone."""
    pieces = _BLANKS.split(value.strip(_TRIM))
    joined = pieces[0]
    for piece in pieces[1:]:
        joined += ("、" if _ends_name(joined) and _opens_name(piece) else "") + piece
    return joined


def unwrap(cell: str) -> str:
    """Join names that wrap over lines of a cell; where one ends and the next begins, a separator is put."""
    lines = [line.strip() for line in cell.split("\n") if line.strip()]
    joined = lines[0] if lines else ""
    for line in lines[1:]:
        joined += ("、" if _ends_name(joined) and _opens_name(line) else "") + line
    return joined


def _ends_name(text: str) -> bool:
    return is_unit_name(_last(text))


def _opens_name(text: str) -> bool:
    first = re.split("[、，,；;/ ]", text)[0]
    forms = load("units")["form"]
    return bool(office_of(first)) or first.startswith((*forms["levels"], "各", "有关")) or len(first) > _LONGEST_NAME


def _last(text: str) -> str:
    return re.split("[、，,；;/ ]", text)[-1]
