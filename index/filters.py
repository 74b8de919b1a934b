"""Which clauses a search may find; both sides apply it inside the search, not to its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Clause, ClauseKind, Place


@dataclass(frozen=True, slots=True)
class Filters:
    """Allowed values by field; an empty field allows everything. Values of one field are alternatives."""

    districts: tuple[str, ...] = ()
    unit_keys: tuple[str, ...] = ()
    kinds: tuple[ClauseKind, ...] = ()
    places: tuple[Place, ...] = ()

    def fields(self) -> dict[str, tuple[str, ...]]:
        """Return the fields that restrict anything, with their allowed values."""
        named: dict[str, tuple[str, ...]] = {
            "district": self.districts,
            "unit": self.unit_keys,
            "kind": () if len(set(self.kinds)) == len(ClauseKind) else self.kinds,
            "place": () if len(set(self.places)) == len(Place) else self.places,
        }
        return {name: values for name, values in named.items() if values}


KEPT_SELECTIONS = 256
"""Filters of which it is kept what they let through, those used last."""
KINDS, _PLACES = tuple(ClauseKind), tuple(Place)
"""In the order of their numbers."""
_EVERY: Mapping[str, tuple[str, ...]] = {"kind": KINDS, "place": _PLACES}


def all_but(field: str, values: Sequence[str]) -> tuple[str, ...]:
    """Return the values of a field that are not allowed, where they are known and fewer than those that are."""
    others = tuple(value for value in _EVERY.get(field, ()) if value not in values)
    return others if len(others) < len(values) else ()


def values_of(clause: Clause, keys: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the values that a clause is filtered by, by field; ``keys`` gives a unit's key by its name."""
    return {
        "district": (clause.district,),
        "unit": tuple(dict.fromkeys(keys.get(unit.name, unit.name) for unit in clause.units)),
        "kind": (clause.kind,),
        "place": (clause.place,),
    }


def code_of(clause: Clause) -> int:
    """Return the number that stands for a clause's kind and place."""
    return KINDS.index(clause.kind) * len(_PLACES) + _PLACES.index(clause.place)


def codes_wanted(filters: Filters) -> tuple[bool, ...] | None:
    """Return whether clauses with each code may be found; None when all may."""
    if not filters.kinds and not filters.places:
        return None
    return tuple(
        (not filters.kinds or kind in filters.kinds) and (not filters.places or place in filters.places)
        for kind in KINDS for place in _PLACES
    )  # fmt: skip
