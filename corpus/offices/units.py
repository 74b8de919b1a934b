"""The unit directory: which printed names are one office, what people call it, and whom a collective includes.

The knowledge about names is ``data/units.toml``; an office nobody listed is its printed name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.datafiles import load
from corpus.model import Unit, UnitRef


@dataclass(frozen=True, slots=True)
class Office:
    """A name taken apart: 区 + 教委."""

    level: str
    base: str

    @property
    def key(self) -> str:
        """The name that the same office has in every district of its level."""
        return self.level + self.base


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    """Map each base name to its formal forms."""
    return {
        office["base"]: tuple(dict.fromkeys([office["base"], *office["formal"]])) for office in load("units")["office"]
    }


@cache
def _base_of_form() -> dict[str, str]:
    found = {form: base for base, forms in _forms().items() for form in forms}
    for office in load("units")["office"]:
        found.update(dict.fromkeys(office.get("bare", []), office["base"]))
    return found


@cache
def spoken_forms() -> dict[str, str]:
    """Every form that people say without a level (卫健, 发改委 …) → base name."""
    spoken = {form: office["base"] for office in load("units")["office"] for form in office["spoken"]}
    return spoken | _base_of_form()


@cache
def _levels() -> tuple[str, ...]:
    return tuple(sorted(load("units")["form"]["levels"], key=len, reverse=True))


@lru_cache(maxsize=8192)
def office_of(name: str) -> Office | None:
    """Return the listed office that ``name`` means (区卫健委 → 区 + 卫生健康委), or None."""
    name = re.sub(r"^.{2,4}?(?=[区县市省](?!委员会))", "", name) if name[:1] not in _levels() else name
    for level in ("", *_levels()):
        base = _base_of_form().get(name.removeprefix(level)) if name.startswith(level) else None
        if base:
            return Office(level, base)
    return None


@dataclass(frozen=True, slots=True)
class Collective:
    """A name that stands for a group of units."""

    name: str
    members: tuple[str, ...]
    """Endings of the names inside it; empty where the group is not told by name."""


@cache
def collectives() -> dict[str, Collective]:
    """Every printed or spoken collective name → the collective."""
    found = {}
    for entry in load("units")["collective"]:
        for name in [*entry["names"], *entry["spoken"]]:
            found[name] = Collective(name, tuple(entry["members"]))
    return found


def unit_key(name: str) -> str:
    """Return the key under which the same unit is found in every plan."""
    if name in collectives():
        return name
    office = office_of(name)
    return office.key if office and office.level else name


def directory(district: str, refs: Iterable[UnitRef]) -> tuple[Unit, ...]:
    """Return a plan's units in the order of their first appearance; ``name`` is the most frequent printed form."""
    counts = Counter(ref.printed for ref in refs)
    groups: dict[str, list[str]] = {}
    for printed in counts:
        groups.setdefault(unit_key(printed), []).append(printed)
    return tuple(_unit(district, key, names, counts) for key, names in groups.items())


def _unit(district: str, key: str, names: list[str], counts: Counter[str]) -> Unit:
    printed = tuple(sorted(names, key=lambda name: -counts[name]))
    collective = collectives().get(printed[0])
    return Unit(
        name=printed[0],
        key=key,
        district=district,
        printed=printed,
        aliases=tuple(alias for alias in _aliases(printed[0]) if alias not in printed),
        collective=collective is not None,
        member_suffixes=collective.members if collective else (),
    )


@lru_cache(maxsize=8192)
def _aliases(name: str) -> tuple[str, ...]:
    office = office_of(name)
    if office is None:
        return ()
    formal = _forms()[office.base]
    spoken = tuple(form for form, base in spoken_forms().items() if base == office.base)
    return tuple(dict.fromkeys([*(office.level + form for form in formal), *formal, *spoken]))


def includes(collective: Unit, name: str) -> bool:
    """Whether a unit called ``name`` belongs to the collective (各街道 includes 南纪门街道)."""
    return collective.collective and name != collective.name and name.endswith(collective.member_suffixes or ("\0",))


def place_stem(name: str) -> str:
    """Return a street's or town's name without its office and kind (接龙镇人民政府 → 接龙); any other name as it is."""
    endings = load("units")["form"]["place_endings"]
    return name.removesuffix(next((ending for ending in endings if name.endswith(ending)), ""))
