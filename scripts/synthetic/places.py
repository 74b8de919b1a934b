"""Invented districts: a name of its own each, a level, a province, and streets and towns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random

from scripts.synthetic.words import all_text, load

DISTRICTS = 2800
"""As many as there are counties in China, nearly."""
_FEWEST_TOWNS, _MOST_TOWNS = 5, 12


@dataclass(frozen=True, slots=True)
class District:
    """A district that has plans."""

    number: int
    name: str
    level: str
    """The last character of the name, which opens the names of its offices: 区, 县, 市."""
    province: str
    towns: tuple[str, ...]


@lru_cache(maxsize=4)
def districts(seed: int) -> tuple[District, ...]:
    """Return the districts of a corpus in order; no two share a name, and none is a word of the grammar."""
    data = load("places")
    random = Random(f"{seed}:districts")
    free = list(_stems())
    random.shuffle(free)
    endings = random.choices(list(data["endings"]), list(data["endings"].values()), k=DISTRICTS)
    return tuple(
        District(number, stem + ending, ending, random.choice(data["provinces"]), _towns(random, ending))
        for number, (stem, ending) in enumerate(zip(free[:DISTRICTS], endings, strict=True))
    )


@cache
def _stems(table: str = "") -> tuple[str, ...]:
    """Return the names without endings that the lists of a table give, those in the grammar's words left out."""
    data = load("places")[table] if table else load("places")
    stems = (one + other for one in data["first"] for other in data["second"] if one != other)
    return tuple(stem for stem in stems if stem not in all_text())


def _towns(random: Random, ending: str) -> tuple[str, ...]:
    kinds = load("places")["streets"]["city" if ending == "区" else "county"]
    names = random.sample(_stems("streets"), random.randint(_FEWEST_TOWNS, _MOST_TOWNS))
    return tuple(name + random.choice(kinds) for name in names)


def project_name(number: int) -> str:
    """Return the name of project ``number``; two projects of one corpus never share a name."""
    lists = load("places")["projects"]
    first, second, third = (lists[key] for key in ("first", "second", "third"))
    total = len(first) * len(second) * len(third)
    # A step prime to the total goes once through all names before one comes back.
    at = number * 100_003 % total
    return str(first[at % len(first)] + second[at // len(first) % len(second)] + third[at // len(first) // len(second)])
