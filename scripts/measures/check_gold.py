"""Print how an export compares with gold clauses, a line a measure; exit code 1 when one is missed.

The gold is JSON lines: ``quote`` is a piece of a clause's text, ``units`` as printed, ``lead`` those of them that lead,
``deadline`` the due time under a label; or ``quote`` with ``target`` (a figure as printed) and ``by`` (到2025年). A row
with ``units: []`` is not scored.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.offices.unit_lists import is_office, is_unit_name

Record = dict[str, Any]
UNITS, OVERSTATED, TARGETS = 0.97, 0.02, 0.90


def fold(text: str) -> str:
    """Return text without blanks, full-width forms made plain."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def load(path: str) -> list[Record]:
    """Return the records of a JSON lines file."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def holding(clauses: list[Record], quote: str) -> list[Record]:
    """Return the clauses whose text holds the quote."""
    return [clause for clause in clauses if fold(quote) in fold(clause["text"])]


def names(values: list[str]) -> set[str]:
    """Return unit names in a form that can be compared."""
    return set(map(fold, values))


def overstates(clause: Record) -> bool:
    """Whether a clause carries a unit that its text does not print, or that has not the form of one."""
    text = fold(clause["text"])
    return any(fold(name) not in text or not is_form(name) for name in clause["units_printed"])


def is_form(name: str) -> bool:
    """Whether a name has the form of a unit's."""
    return is_unit_name(name) or is_office(name)


def has_target(clauses: list[Record], gold: Record) -> bool:
    """Whether every number of a gold figure is a target of the clause, due in the gold's year."""
    targets = [
        target
        for clause in holding(clauses, gold["quote"])
        for target in clause["targets"]
        if fold(target["quote"]) in fold(gold["quote"]) or fold(gold["quote"]) in fold(target["quote"])
    ]
    year = re.search("20[0-9]{2}", gold.get("by", ""))
    numbers = [float(number) for number in re.findall(r"[0-9]+(?:\.[0-9]+)?", gold["target"])]
    found = {
        value
        for target in targets
        if not year or target["year"] == int(year.group())
        for value in (target["value"], target["upper"])
    }
    return all(number in found for number in numbers)


@dataclass(frozen=True, slots=True)
class Measures:
    """How an export compares with its gold: counts, and a line for each miss."""

    units: int
    """Gold clauses found with exactly their units, of ``with_units``."""
    with_units: int
    leads: int
    """Of ``units``, those whose leads are right too."""
    deadlines: int
    targets: int
    with_target: int
    overstated: int
    """Exported clauses with a unit that their text does not print or that is none by its form, of ``labelled``."""
    labelled: int
    exported: int
    """Clauses of the export: one without any matches no gold, even one without units."""
    misses: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether every measure reaches its mark."""
        return (
            self.exported > 0
            and share(self.units, self.with_units) >= UNITS
            and self.leads == self.units
            and share(self.targets, self.with_target) >= TARGETS
            and self.overstated <= OVERSTATED * self.labelled
        )


def share(part: int, whole: int) -> float:
    """Return a share; 1 of nothing."""
    return part / whole if whole else 1.0


def compare(clauses: list[Record], gold: list[Record]) -> Measures:
    """Return how exported clauses compare with gold rows."""
    with_units = [row for row in gold if row.get("units")]
    with_target = [row for row in gold if "target" in row]
    exact = leads = deadlines = 0
    misses: list[str] = []
    for row in with_units:
        found = [clause for clause in holding(clauses, row["quote"]) if clause["units_printed"]]
        same = [clause for clause in found if names(clause["units_printed"]) == names(row["units"])]
        led = [clause for clause in same if names(clause["lead"]) == names(row.get("lead", []))]
        exact, leads = exact + bool(same), leads + bool(led)
        deadlines += any(fold(clause["deadline"]) == fold(row.get("deadline", "")) for clause in same)
        if not led:
            misses.append(f"- {row['quote']}: {row['units']} lead {row.get('lead')}")
            misses += [f"    {one['id']}: {one['units_printed']} lead {one['lead']}" for one in found]
    missed = [row for row in with_target if not has_target(clauses, row)]
    misses += [f"- target {row['target']} {row.get('by', '')}: {row['quote']}" for row in missed]
    labelled = [clause for clause in clauses if clause["units_printed"]]
    over = [clause for clause in labelled if overstates(clause)]
    misses += [f"- not printed, or no unit, in {clause['id']}: {clause['units_printed']}" for clause in over]
    misses += [] if clauses else ["- the export is empty"]
    return Measures(
        units=exact,
        with_units=len(with_units),
        leads=leads,
        deadlines=deadlines,
        targets=len(with_target) - len(missed),
        with_target=len(with_target),
        overstated=len(over),
        labelled=len(labelled),
        exported=len(clauses),
        misses=tuple(misses),
    )


def main(export: str, gold: str) -> int:
    """Print the misses and the measures; return 1 where a measure falls short."""
    found = compare(load(export), load(gold))
    for line in found.misses:
        print(line)
    for name, part, whole in (
        ("units exact", found.units, found.with_units),
        ("leads right", found.leads, found.units),
        ("deadlines right", found.deadlines, found.units),
        ("targets", found.targets, found.with_target),
    ):
        print(f"{name:16}{part}/{whole} = {share(part, whole):.3f}")
    print(f"{'overstated':16}{found.overstated}/{found.labelled} = {found.overstated / max(1, found.labelled):.3f}")
    return 0 if found.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
