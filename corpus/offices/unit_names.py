"""A plan's own unit directory: printed names gathered, duties in prose found, every clause given canonical names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from corpus.model import Clause, ClauseKind, Unit, UnitRef
from corpus.offices.duty import find_duties
from corpus.offices.units import directory, unit_key


def canonical_units(district: str, clauses: tuple[Clause, ...]) -> tuple[tuple[Clause, ...], tuple[Unit, ...]]:
    """Return the clauses with canonical unit names and duties found in prose, and the plan's directory."""
    labelled = [ref for clause in clauses for ref in clause.units]
    printed = {ref.printed for ref in labelled}
    known = frozenset(name for one in printed for name in (one, *_level_forms(one)))
    found = tuple(_with_duty(clause, known) for clause in clauses)
    units = directory(district, (ref for clause in found for ref in clause.units))
    names = {unit.key: unit.name for unit in units}
    return tuple(replace(clause, units=_canonical(clause.units, names)) for clause in found), units


def _level_forms(name: str) -> Iterable[str]:
    units = directory("", [UnitRef(name, name)])
    return (alias for unit in units for alias in unit.aliases if alias[:1] == name[:1] and len(alias) > len("教委"))


def _with_duty(clause: Clause, known: frozenset[str]) -> Clause:
    if clause.kind is not ClauseKind.TEXT:
        return clause
    refs = find_duties(clause.body, known)
    return replace(clause, kind=ClauseKind.DUTY, units=refs) if refs else clause


def _canonical(refs: tuple[UnitRef, ...], names: dict[str, str]) -> tuple[UnitRef, ...]:
    called = [(ref, names[unit_key(ref.printed)]) for ref in refs]
    return tuple(ref if ref.name == name else replace(ref, name=name) for ref, name in called)
