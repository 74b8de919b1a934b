"""Measure the imagined documents: files are written, read and parsed as ``add`` does, and compared with their gold.

Usage: python -m scripts.measures.form_gold [seen|kept] [--show] [--without-ocr]; exit code 1 where a mark is missed.
Only totals are printed for the half that is kept apart, whatever is asked for.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from corpus.assembly.metadata import meta_of
from corpus.assembly.plan import parse_document
from corpus.model import Clause, Plan
from corpus.readers import Document, ReadError, read_document
from scripts.measures.check_gold import fold
from scripts.measures.form_files import HALVES, FormDocument, documents, write

ROLES = {"L": "lead", "R": "responsible", "C": "cooperating", "G": "guiding"}
UNITS, REST, NO_UNITS = 0.95, 0.92, 0.005


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line of gold says of a clause."""

    quote: str
    units: tuple[tuple[str, str], ...]
    due: str
    path: str
    targets: tuple[tuple[str, str], ...]
    """Figures, with or without the words around them (不少于), and their years; an empty year is any."""


@dataclass(slots=True)
class Totals:
    """How many of what was to be found was found."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def take(self, name: str, *, good: bool, told: str) -> None:
        """Count one."""
        self.all[name] += 1
        self.right[name] += good
        if not good:
            self.misses.append(f"{name}: {told}")

    def share(self, name: str) -> float:
        """Return the share that is right; 1 of nothing."""
        return self.right[name] / self.all[name] if self.all[name] else 1.0


def wanted(line: str) -> Wanted:
    """Read a line of gold."""
    quote, *told = (part.strip() for part in line.split("|"))
    units: list[tuple[str, str]] = []
    targets: list[tuple[str, str]] = []
    due = path = ""
    for part in told:
        key, _, value = part.partition(" ")
        if key in ROLES:
            units += [(ROLES[key], fold(name)) for name in value.split()]
        elif key == "by":
            due = value
        elif key == "path":
            path = value
        elif key == "t":
            figure, _, year = value.partition("@")
            targets.append((fold(figure), year.strip()))
    return Wanted(fold(quote), tuple(sorted(units)), fold(due), fold(path), tuple(targets))


def measure(document: FormDocument, plan: Plan, totals: Totals) -> None:
    """Compare a plan with its gold."""
    lines = [wanted(line) for line in document.gold]
    for one in lines:
        clause = _clause(plan, one)
        told = f"{document.id} {one} ← {_shown(clause)}"
        if one.units:
            others = [other.quote for other in lines if other.quote not in one.quote]
            melted = clause is not None and any(other in fold(clause.text) for other in others)
            exact = clause is not None and _units(clause) == one.units and not melted
            totals.take("units", good=exact, told=told)
            due = fold(clause.deadline) if clause else ""
            totals.take("deadlines", good=clause is not None and due == one.due, told=told)
        if one.path:
            found = clause is not None and bool(clause.path) and fold(clause.path[-1]).endswith(one.path)
            totals.take("paths", good=found, told=told)
        for figure, year in one.targets:
            targets = [(fold(target.figure), str(target.year)) for target in clause.targets] if clause else []
            good = any(figure in got and year in {"", its} for got, its in targets)
            totals.take("targets", good=good, told=f"{figure}@{year} in {told}")
    names = {name for one in lines for _, name in one.units}
    for clause in plan.clauses:
        for ref in clause.units:
            totals.take("names", good=fold(ref.printed) in names, told=f"{document.id} {ref.printed}: {clause.text}")


def _clause(plan: Plan, one: Wanted) -> Clause | None:
    found = [clause for clause in plan.clauses if one.quote in fold(clause.text)]
    with_units = [clause for clause in found if clause.units]
    return next(iter(with_units if one.units else found), None)


def _units(clause: Clause) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(ref.role), fold(ref.printed)) for ref in clause.units))


def _shown(clause: Clause | None) -> str:
    if clause is None:
        return "no clause"
    targets = [(target.figure, target.year) for target in clause.targets]
    return f"{clause.text!r} {_units(clause)} by {clause.deadline!r} path {clause.path} targets {targets}"


def run(half: str, *, ocr: bool = True, reader: Callable[[Path], Document] = read_document) -> Totals:
    """Return the totals of one half, its scans and photographs only with ``ocr``."""
    totals = Totals()
    with tempfile.TemporaryDirectory() as folder:
        for document in documents(half):
            if not ocr and document.form in {"scan", "photo"}:
                continue
            try:
                read = reader(write(document, Path(folder)))
            except ReadError as error:
                totals.take("read", good=False, told=f"{document.id} {error}")
                continue
            totals.take("read", good=True, told="")
            measure(document, parse_document(read, meta_of(read, document.id), ""), totals)
    return totals


def main() -> int:
    """Print the totals of a half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", choices=HALVES, nargs="?", default="kept")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--without-ocr", action="store_true")
    asked = parser.parse_args()
    totals = run(asked.half, ocr=not asked.without_ocr)
    if asked.show and asked.half != "kept":
        print("\n".join(totals.misses))
    for name in ("read", "units", "deadlines", "targets", "paths", "names"):
        print(f"{name:10}{totals.right[name]}/{totals.all[name]} = {totals.share(name):.3f}")
    rest = ("deadlines", "targets")
    good = totals.share("units") >= UNITS and all(totals.share(one) >= REST for one in rest)
    return 0 if good and 1 - totals.share("names") <= NO_UNITS else 1


if __name__ == "__main__":
    sys.exit(main())
