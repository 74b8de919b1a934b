"""Who answers for an entry: the units as each place prints them, and what places not shown say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.answering.answer import Party
from bot.answering.places import place_name
from bot.messages import say
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, ClauseKind, Place, Role, UnitRef


def unit_names(clauses: Iterable[Clause]) -> tuple[str, ...]:
    """Return the units that the clauses name, each once, lead units first."""
    order = tuple(Role)
    refs: dict[str, UnitRef] = {}
    for ref in (ref for clause in clauses for ref in clause.units):
        refs.setdefault(ref.name, ref)
    return tuple(ref.name for ref in sorted(refs.values(), key=lambda ref: order.index(ref.role)))


def printed_names(clause: Clause, role: Role | None = None) -> tuple[str, ...]:
    """Return the units of a clause as it prints them, lead units first; those of one role where it is given."""
    order = tuple(Role)
    refs = sorted(clause.units, key=lambda ref: order.index(ref.role))
    return tuple(dict.fromkeys(ref.printed for ref in refs if role in (None, ref.role)))


def parties(clauses: Sequence[Clause], role: Role | None = None) -> tuple[Party, ...]:
    """Return the units of each place; places that name the same stand together, and alone they need no name."""
    told: dict[frozenset[str], tuple[list[str], tuple[str, ...]]] = {}
    for clause in clauses:
        units = printed_names(clause, role)
        if units:
            told.setdefault(frozenset(units), ([], units))[0].append(place_name(clause))
    if len(told) == 1 and all(clause.units for clause in clauses):
        return tuple(Party("", units) for _, units in told.values())
    return tuple(Party(say("entry.place_comma").join(places), units) for places, units in told.values())


def elsewhere(shelf: PlanRepository, clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Return the units that stand in only one of the two places, where the entry does not show both.

    Body and annex are compared over all counterparts of the clause, shown or not.
    """
    first = clauses[0]
    body = first if first.place is Place.BODY else next(iter(shelf.counterparts(first)), None)
    if body is None or first.kind is not ClauseKind.TASK:
        return ()
    rows = shelf.counterparts(body)
    both = len({clause.place for clause in clauses}) > 1
    shown = set(unit_names(clauses)) if both else set()
    theirs, own = unit_names(rows), unit_names([body])
    only_body = [name for name in own if name not in theirs and name not in shown] if rows else []
    only_rows = [name for name in theirs if name not in own and name not in shown]
    told = (("entry.only_body", only_body), ("entry.only_annex", only_rows))
    return tuple(say(key, units=say("render.unit_comma").join(names)) for key, names in told if names)
