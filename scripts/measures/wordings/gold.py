"""What must be answered, by naive loops over the parsed plans; nothing here knows how the bot finds it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from bot.query.grouping import group
from corpus.model import Clause, ClauseKind, Place, Plan, Role
from scripts.measures.judging import folded

COUNTERS = "项条个件"
"""What may stand behind the number of tasks."""


@dataclass(frozen=True, slots=True)
class Gold:
    """What an exact answer cites and says."""

    needed: tuple[frozenset[str], ...] = ()
    """Ids: of each group one clause must be cited."""
    allowed: frozenset[str] | None = None
    """Ids of all clauses that may be cited; None where any may."""
    first: frozenset[str] = field(default_factory=frozenset)
    """Ids of which the first cited clause must be one, unless empty or the first line says what is to be told."""
    told: tuple[tuple[str, ...], ...] = ()
    """All words of one of these must stand in the text."""
    told_first: bool = False
    """Whether they must stand in its first line."""
    names: tuple[frozenset[str], ...] = ()
    """Units that must stand in the text, each in one of its forms; one at least in the first line."""
    strangers: frozenset[str] = field(default_factory=frozenset)
    """Names of units that must not stand in the first line."""
    declined: bool = False


_folded = cache(folded)


def units_of(clause: Clause) -> frozenset[str]:
    """Return the canonical names of a clause's units."""
    return frozenset(ref.name for ref in clause.units)


def listed(plan: Plan, unit: str) -> Gold:
    """Return the whole list of a unit."""
    return _list(plan, lambda one: unit in units_of(one), unit)


def together(golds: Iterable[Gold]) -> Gold:
    """Return the union of several plans' lists."""
    all_of = tuple(golds)
    needed = tuple(chain.from_iterable(gold.needed for gold in all_of))
    return Gold(needed, frozenset(chain.from_iterable(gold.allowed or () for gold in all_of)))


def joint(plan: Plan, unit: str, other: str) -> Gold:
    """Return the tasks that two units share."""
    return _list(plan, lambda one: {unit, other} <= units_of(one))


def lead(plan: Plan, unit: str) -> Gold:
    """Return the tasks that a unit leads."""
    return _list(plan, lambda one: any(ref.name == unit and ref.role is Role.LEAD for ref in one.units))


def only(plan: Plan, unit: str) -> Gold:
    """Return the tasks of one unit alone; where body and annex differ in that, a task may be cited or not."""
    by_id = {clause.id: clause for clause in plan.clauses}
    alone = [clause for clause in plan.clauses if units_of(clause) == {unit}]
    sure = {one.id for one in alone if all(units_of(by_id[other]) == {unit} for other in one.counterparts)}
    gold = _list(plan, lambda one: one.id in sure)
    return Gold(gold.needed, (gold.allowed or frozenset()) | {one.id for one in alone})


def narrowed(plan: Plan, unit: str, quotes: Iterable[str], optional: Iterable[str]) -> Gold:
    """Return the tasks of a unit that hold one of ``quotes``; those that hold one of ``optional`` may be cited."""
    gold = _list(plan, lambda one: unit in units_of(one) and holds(one, quotes))
    doubtful = {one.id for one in plan.clauses if unit in units_of(one) and holds(one, optional)}
    return Gold(gold.needed, (gold.allowed or frozenset()) | doubtful)


def counted(plan: Plan, unit: str) -> Gold:
    """Return how many tasks a unit has, in all or in body and annex apart; only they may be cited."""
    whole = listed(plan, unit)
    tasks = [one for one in _tasks(plan) if unit in units_of(one)]
    return Gold(allowed=whole.allowed, told=_numbers(tasks), told_first=True)


def ranked(plan: Plan, without: str = "") -> Gold:
    """Return the unit with most tasks, ``without`` one, and how many: by all clauses, the body's or the annex's."""
    told: list[tuple[str, ...]] = []
    for places in (set(Place), {Place.BODY}, {Place.ANNEX}):
        counts = Counter(name for one in _tasks(plan) if one.place in places for name in units_of(one))
        del counts[without]
        for name, most in counts.items():
            if most == max(counts.values()):
                tasks = [one for one in _tasks(plan) if name in units_of(one)]
                names = next((unit.printed + unit.aliases for unit in plan.units if unit.name == name), (name,))
                told += [(form, *numbers) for form in names for numbers in _numbers(tasks)]
    return Gold(told=tuple(told), told_first=True)


def answering(plan: Plan, quotes: Iterable[str]) -> Gold:
    """Return the units of the clauses that hold ``quotes``, and no others; one of the clauses must come first."""
    holding = [one for one in plan.clauses if one.units and holds(one, quotes)]
    ids = {one.id for one in holding}
    twins = {other for one in holding for other in one.counterparts}
    names = frozenset(chain.from_iterable(units_of(one) for one in holding))
    forms = {unit.name: frozenset((*unit.printed, *unit.aliases)) for unit in plan.units}
    may = names | {name for one in plan.clauses if one.id in twins for name in units_of(one)}
    other_names = frozenset(forms) - may
    return Gold(
        needed=tuple(frozenset({one.id, *(other for other in one.counterparts if other in ids)}) for one in holding),
        first=frozenset(ids | twins),
        names=tuple(forms[name] for name in sorted(names)),
        strangers=frozenset(one for one in other_names if not any(one in form for name in may for form in forms[name])),
    )


def figure(plan: Plan, name: str, value: str) -> Gold:
    """Return the number to reach; the clause or indicator that says it must be cited first."""
    number = re.match(r"[\d.]+", value)
    spoken = re.compile(rf"(?<![\d.]){re.escape(number[0] if number else value)}(?![\d.])")
    texts = [(one.id, _folded(one.text)) for one in plan.clauses]
    rows = [(one.id, " ".join([folded(one.name), *(value for _, value in one.values)])) for one in plan.indicators]
    holding = {id_ for id_, text in (*texts, *rows) if folded(name) in text and spoken.search(text)}
    return Gold(first=frozenset(holding), told=((value,),))


def holds(clause: Clause, quotes: Iterable[str]) -> bool:
    """Whether a clause holds one of the quotes."""
    text = _folded(clause.text)
    return any(folded(words) in text for words in quotes)


def stands(words: str, text: str) -> bool:
    """Whether words stand in a folded text, a number at their ends not being part of a longer one."""
    word = folded(words)
    before = r"(?<![\d.])" if word[0].isdigit() else ""
    after = r"(?!\d)" if word[-1].isdigit() else ""
    return re.search(before + re.escape(word) + after, text) is not None


def _list(plan: Plan, wanted: Callable[[Clause], bool], unit: str = "") -> Gold:
    """Return the wanted tasks; prose duties, the other place of each, and what a collective shares are optional."""
    needed = [one for one in plan.clauses if wanted(one) and one.kind is not ClauseKind.DUTY]
    prose = {one.id for one in plan.clauses if wanted(one) and one.kind is ClauseKind.DUTY}
    twins = {other for one in needed for other in one.counterparts}
    shared = {one.id for one in plan.clauses if unit and units_of(one) & _kin(plan, unit)}
    shared |= {other for one in plan.clauses if one.id in shared for other in one.counterparts}
    ids = {one.id for one in needed}
    return Gold(tuple(frozenset({one}) for one in sorted(ids)), frozenset(ids | prose | twins | shared))


def _kin(plan: Plan, unit: str) -> set[str]:
    """Return the collectives that include a unit and, of a collective, the units it includes."""
    found = set()
    for one in plan.units:
        if one.collective and unit != one.name and unit.endswith(one.member_suffixes):
            found.add(one.name)
        if one.collective and unit == one.name:
            found |= {other.name for other in plan.units if other.name.endswith(one.member_suffixes)}
    return found


def _tasks(plan: Plan) -> list[Clause]:
    return [one for one in plan.clauses if one.kind is ClauseKind.TASK]


def _numbers(tasks: Iterable[Clause]) -> tuple[tuple[str, ...], ...]:
    """Return how a number of tasks may be told: of clauses, of each place's, or of entries, body and annex joined."""
    tasks = list(tasks)
    places = Counter(one.place for one in tasks)
    return tuple(
        tuple(f"{number}{counter}" for number in numbers)
        for numbers in ((places.total(),), tuple(places.values()), (len(group(tasks)),))
        for counter in COUNTERS
    )
