"""Which clauses a search may find; both sides apply it inside the search, not to its results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.model import ClauseKind, Place, Plan


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
            "kind": self.kinds,
            "place": self.places,
        }
        return {name: values for name, values in named.items() if values}


class ClauseTable:
    """The clauses of every plan in one row order, with the values they can be filtered by."""

    def __init__(self, plans: tuple[Plan, ...]) -> None:
        self.clauses = tuple(clause for plan in plans for clause in plan.clauses)
        self._keys = tuple({unit.name: unit.key for unit in plan.units} for plan in plans for _ in plan.clauses)

    def values(self, row: int) -> dict[str, tuple[str, ...]]:
        """Return the filter values of the clause in ``row``, by field."""
        clause = self.clauses[row]
        keys = self._keys[row]
        return {
            "district": (clause.district,),
            "unit": tuple(keys.get(unit.name, unit.name) for unit in clause.units),
            "kind": (clause.kind,),
            "place": (clause.place,),
        }

    @cached_property
    def _rows(self) -> dict[tuple[str, str], list[int]]:
        rows: dict[tuple[str, str], list[int]] = {}
        for row in range(len(self.clauses)):
            for field, values in self.values(row).items():
                for value in values:
                    rows.setdefault((field, value), []).append(row)
        return rows

    def allowed(self, filters: Filters) -> NDArray[np.int64] | None:
        """Return the rows that pass, in order; None when nothing is restricted."""
        mask: NDArray[np.bool_] | None = None
        for field, values in filters.fields().items():
            passing = np.zeros(len(self.clauses), dtype=bool)
            for value in values:
                passing[self._rows.get((field, value), [])] = True
            mask = passing if mask is None else mask & passing
        return None if mask is None else np.flatnonzero(mask)
