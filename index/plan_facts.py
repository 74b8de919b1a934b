"""What a catalogue notes of one plan beside its clauses: who is named where, and what many plans have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from corpus.model import Plan, Unit

_HAN_RUN = re.compile(r"[一-鿿]+")


def naming(plan: Plan) -> dict[str, list[int]]:
    """Return the numbers of the clauses that name each unit of the directory, by its key."""
    keys = {unit.name: unit.key for unit in plan.units}
    found: dict[str, list[int]] = {unit.key: [] for unit in plan.units}
    for number, clause in enumerate(plan.clauses):
        for key in dict.fromkeys(keys[ref.name] for ref in clause.units):
            found[key].append(number)
    return found


def forms(plan: Plan) -> Iterable[tuple[str, str]]:
    """Yield every name of each unit with the unit's key."""
    for unit in plan.units:
        for name in dict.fromkeys((*unit.printed, unit.key, *unit.aliases)):
            yield name, unit.key


def collectives(plan: Plan) -> dict[str, Unit]:
    """Return the plan's collectives by what tells them apart: name and members."""
    return {f"{unit.name} {' '.join(unit.member_suffixes)}": unit for unit in plan.units if unit.collective}


def indicator_names(plan: Plan) -> Iterable[str]:
    """Return the names of the indicators, each once."""
    return dict.fromkeys(row.name for row in plan.indicators)


def pairs(plan: Plan) -> set[str]:
    """Return the pairs of characters that are known; names of units are known everywhere they are typed."""
    texts = [*(clause.text for clause in plan.clauses), *(name for name, _ in forms(plan))]
    return {run[at : at + 2] for text in texts for run in _HAN_RUN.findall(text) for at in range(len(run) - 1)}


class Facts:
    """What plans have in common, counted by plans over those that came (1) and went (-1)."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[tuple[str, ...]]] = {
            name: Counter() for name in ("form", "collective", "indicator", "pair")
        }
        """By table, how many plans more or fewer have each key."""
        self.units: dict[str, Unit] = {}
        """The collectives by their key."""

    def count(self, plan: Plan, times: int) -> None:
        """Count a plan's facts so many times."""
        for form in forms(plan):
            self.counts["form"][form] += times
        for name, unit in collectives(plan).items():
            self.units.setdefault(name, unit)
            self.counts["collective"][(name,)] += times
        for name in indicator_names(plan):
            self.counts["indicator"][(name,)] += times
        self.counts["pair"].update(dict.fromkeys(((pair,) for pair in pairs(plan)), times))
