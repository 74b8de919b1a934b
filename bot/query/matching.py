"""Which clauses of a plan meet the exact conditions of a query: set membership, no search and no guess."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.query.due import due_by, due_days, years_due
from bot.query.query import Match, Where
from corpus.model import Clause, ClauseKind, Role, UnitRef
from corpus.notation.dates import recurs
from index.catalogue import OpenPlan

Test = Callable[[Clause], bool]
WITH_UNITS = (ClauseKind.TASK, ClauseKind.DUTY)


def matching(plan: OpenPlan, where: Where) -> tuple[Clause, ...]:
    """Return the plan's clauses that meet every condition but the topic, in the plan's order.

    Without units or names only tasks are meant; with them also the prose that gives something to do.
    """
    tests = tuple(_tests(plan, where))
    return tuple(clause for clause in _pool(plan, where) if all(test(clause) for test in tests))


def has_figure(clause: Clause) -> bool:
    """Whether a clause has a number to be reached."""
    return any(target.value is not None for target in clause.targets)


def unit_keys(plan: OpenPlan, clause: Clause) -> frozenset[str]:
    """Return the keys of the units that a clause names."""
    return frozenset(plan.keys.get(ref.name, ref.name) for ref in clause.units)


def holds(clause: Clause, name: str) -> bool:
    """Whether a name stands in a clause or in the headings over it."""
    return name in clause.text or any(name in heading for heading in clause.path)


def differs(plan: OpenPlan, clause: Clause) -> bool:
    """Whether the clauses that say the same in the other place name other units."""
    others = plan.find(clause.counterparts)
    named = frozenset(key for other in others for key in unit_keys(plan, other))
    return bool(others) and named != unit_keys(plan, clause)


def _pool(plan: OpenPlan, where: Where) -> Iterable[Clause]:
    groups = [frozenset(key for key in term.keys if plan.unit(key)) for term in where.units]
    if where.units:
        sets = [{clause.id for key in keys for clause in plan.naming(key)} for keys in groups]
        ids = set.union(*sets) if where.match is Match.ANY else set.intersection(*sets)
        return [clause for clause in plan.clauses if clause.id in ids]
    if where.names:
        named = [clause for clause in plan.clauses if all(holds(clause, name) for name in where.names)]
        return [clause for clause in named if clause.kind in WITH_UNITS] or named
    if where.assigned is False:
        return [clause for clause in plan.clauses if clause.kind is ClauseKind.TEXT and clause.path]
    return plan.tasks


def _tests(plan: OpenPlan, where: Where) -> Iterable[Test]:
    if where.units and where.match is Match.ONLY:
        wanted = frozenset(key for term in where.units for key in term.keys)
        yield lambda clause: unit_keys(plan, clause) <= wanted
    if where.role:
        yield _role_test(plan, where)
    if where.units and where.names:
        yield lambda clause: all(holds(clause, name) for name in where.names)
    yield from _time_tests(where)
    if where.figures is not None:
        yield lambda clause: has_figure(clause) is where.figures
    if where.assigned is not None:
        yield lambda clause: bool(clause.units) is where.assigned
    if where.differing is not None:
        yield lambda clause: differs(plan, clause) is where.differing
    if where.place:
        yield lambda clause: clause.place is where.place


def _role_test(plan: OpenPlan, where: Where) -> Test:
    """Every unit asked for has the role (with ANY: one of them); without units, any unit has it."""
    groups = [frozenset(term.keys) for term in where.units]

    def has(clause: Clause, ref: UnitRef) -> bool:
        # Beside a lead, who is only named cooperates.
        beside = where.role is Role.COOPERATING and ref.role is Role.RESPONSIBLE
        return ref.role is where.role or (beside and any(one.role is Role.LEAD for one in clause.units))

    def test(clause: Clause) -> bool:
        held = {plan.keys.get(ref.name, ref.name) for ref in clause.units if has(clause, ref)}
        if not groups:
            return bool(held)
        return (any if where.match is Match.ANY else all)(bool(held & keys) for keys in groups)

    return test


def _time_tests(where: Where) -> Iterable[Test]:
    limit, years = where.before, frozenset(where.years)
    if limit:
        yield lambda clause: due_by(clause, limit)
    if years:
        yield lambda clause: bool(years_due(clause) & years)
    if where.dated is not None:
        yield lambda clause: bool(due_days(clause)) is where.dated
    if where.recurring is not None:
        yield lambda clause: recurs(clause.body) is where.recurring
