"""A body clause against the annex rows that carry it out: units, targets, times, headings, missing partners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.assembly.counterparts import unit_differences
from corpus.lint.finding import LintFinding, finding, spot
from corpus.model import Clause, ClauseKind, Place, Plan, Target
from corpus.notation.dates import find_due
from corpus.notation.numbering import parse_mark


@dataclass(frozen=True, slots=True)
class _Pair:
    clause: Clause
    row: Clause


def _tasks(plan: Plan, place: Place) -> list[Clause]:
    return [clause for clause in plan.clauses if clause.kind is ClauseKind.TASK and clause.place is place]


def _pairs(plan: Plan) -> Iterator[_Pair]:
    rows = {row.id: row for row in _tasks(plan, Place.ANNEX)}
    for clause in _tasks(plan, Place.BODY):
        yield from (_Pair(clause, rows[row]) for row in clause.counterparts)


def units(plan: Plan) -> Iterator[LintFinding]:
    """Find body clauses and annex rows that name different units."""
    for pair in _pairs(plan):
        _, here, there = unit_differences(pair.clause, (pair.row,))
        if here or there:
            spots = tuple(spot(one, "、".join(ref.printed for ref in one.units)) for one in (pair.clause, pair.row))
            rule = "units_more_and_less" if here and there else "units_less" if here else "units_more"
            yield finding(
                rule, plan.meta.id, spots, body=pair.clause.id, row=pair.row.id, here="、".join(here),
                there="、".join(there),
            )  # fmt: skip


def partners(plan: Plan) -> Iterator[LintFinding]:
    """Find body clauses that no annex row carries out, and the reverse."""
    body, annex = _tasks(plan, Place.BODY), _tasks(plan, Place.ANNEX)
    if not any(clause.counterparts for clause in body):
        return
    for rule, clauses in (("no_row", body), ("no_clause", annex)):
        for clause in clauses:
            if not clause.counterparts:
                yield finding(rule, plan.meta.id, (spot(clause, clause.title),), title=clause.title)


def headings(plan: Plan) -> Iterator[LintFinding]:
    """Find headings of one thing that the body and the annex word differently."""
    seen: set[tuple[str, str]] = set()
    for pair in _pairs(plan):
        known = {_bare(one): one for one in pair.clause.path}
        group = pair.row.path[-2] if len(pair.row.path) > 1 else ""
        mine = next((one for name, one in known.items() if _alike(name, _bare(group))), "")
        if mine and _bare(group) not in known and (mine, group) not in seen:
            seen.add((mine, group))
            spots = (spot(pair.clause, mine), spot(pair.row, group))
            yield finding("heading", plan.meta.id, spots, body=_bare(mine), row=_bare(group))


def targets(plan: Plan) -> Iterator[LintFinding]:
    """Find numbers, comparators and verbs that the body and the annex give differently for one thing."""
    for clause in _tasks(plan, Place.BODY):
        rows = [pair.row for pair in _pairs(plan) if pair.clause.id == clause.id]
        if not rows:
            continue
        theirs = [(row, target) for row in rows for target in row.targets]
        for target in clause.targets:
            same = [(row, one) for row, one in theirs if one.what == target.what]
            fits = [one for _, one in same if _reads(one) == _reads(target)]
            if target.value is not None and same and not fits:
                row, other = same[0]
                spots = (spot(clause, target.quote), spot(row, other.quote))
                yield finding(
                    "target", plan.meta.id, spots, what=target.what, body=target.verb + target.figure,
                    row=other.verb + other.figure,
                )  # fmt: skip
        yield from _one_sided(plan, clause, rows)


def _one_sided(plan: Plan, clause: Clause, rows: list[Clause]) -> Iterator[LintFinding]:
    own = {target.what for target in clause.targets}
    theirs = {target.what for row in rows for target in row.targets}
    for one, others in [(clause, theirs), *((row, own) for row in rows)]:
        for target in one.targets:
            partner = rows[0] if one is clause else clause
            if target.what not in others and (target.value is not None or target.deadline):
                spots = (spot(one, target.quote), spot(partner, partner.title))
                yield finding("only_one_place", plan.meta.id, spots, quote=target.quote, here=one.id, there=partner.id)


def _reads(target: Target) -> tuple[float | None, float | None, str, str]:
    return (target.value, target.upper, target.comparator, target.verb)


def deadlines(plan: Plan) -> Iterator[LintFinding]:
    """Find one thing that is due at two times: 到2027年 in one place, 2027年前 in the other or in the same clause."""
    for pair in _pairs(plan):
        for target in pair.clause.targets:
            for other in pair.row.targets:
                one, two = _when(pair.clause, target), _when(pair.row, other)
                if target.what == other.what and one and two and _told(one.printed) != _told(two.printed):
                    spots = (spot(pair.clause, one.quote), spot(pair.row, two.quote))
                    values = {"what": target.what, "one": one.printed, "two": two.printed}
                    yield finding("due_two_ways", plan.meta.id, spots, **values)
    for clause in plan.clauses:
        yield from _before_and_in(plan, clause)


def _before_and_in(plan: Plan, clause: Clause) -> Iterator[LintFinding]:
    """Find a clause with both 2027年前 and a day in 2027."""
    dues = [due for due in find_due(clause.body) if due.printed.endswith("前")]
    for year in (due for due in dues if not due.deadline and not due.printed.endswith(("底前", "末前"))):
        for day in (due for due in dues if due.deadline and due.year == year.year):
            quote = clause.body[min(year.start, day.start) : max(year.end, day.end)]
            values = {"one": year.printed, "two": day.printed}
            yield finding("due_before_and_in", plan.meta.id, (spot(clause, quote),), **values)


@dataclass(frozen=True, slots=True)
class _Time:
    printed: str
    quote: str
    """From the time to the end of the target's words."""


def _when(clause: Clause, target: Target) -> _Time | None:
    """Return the time that stands in a target's words or last before them."""
    at = clause.body.find(target.quote)
    end = at + len(target.quote)
    dues = [due for due in find_due(clause.body) if at >= 0 and due.start < end]
    return _Time(dues[-1].printed, clause.body[dues[-1].start : end]) if dues else None


def _told(printed: str) -> str:
    return re.sub("^(?:到|至|截至)|年?底$|年$", "", printed)


def _bare(heading: str) -> str:
    mark = parse_mark(heading)
    return (mark.rest if mark else heading).strip(" 。")


def _alike(one: str, other: str) -> bool:
    """Whether two headings share most of their characters."""
    shared = len(set(one) & set(other))
    return bool(other) and shared * 4 >= 3 * max(len(set(one)), len(set(other)))
