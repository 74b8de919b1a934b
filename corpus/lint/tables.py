"""The indicator table against the annex's status texts, the prose and the clauses that pursue its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.datafiles import load
from corpus.figures.indicators import core_name, pursues
from corpus.figures.states import StateFigure, state_figures
from corpus.lint.finding import FindingPlace, LintFinding, finding, spot
from corpus.model import Clause, ClauseKind, Indicator, Plan, Target

SAME = 0.75


def baselines(plan: Plan) -> Iterator[LintFinding]:
    """Find rows whose first value is not the one that the annex gives for the same thing."""
    for row in plan.indicators:
        for clause, figure in _states(plan, row):
            if _number(row.values[0][1]) not in {None, figure.value}:
                wide = "以上" in figure.thing
                yield finding(
                    "baseline_wider" if wide else "baseline",
                    plan.meta.id,
                    (spot(row), spot(clause, figure.quote)),
                    name=row.name,
                    table=row.values[0][1],
                    thing=figure.thing,
                    figure=figure.figure,
                )


def sums(plan: Plan) -> Iterator[LintFinding]:
    """Find rows whose value at the start and what is newly added do not make the last value."""
    for row in plan.indicators:
        first, last = _number(row.values[0][1]), _number(row.values[-1][1])
        if first is None or last is None:
            continue
        for added, spots in _added(plan, row).items():
            values = {"name": row.name, "added": f"{added:g}", "last": row.values[-1][1]}
            if first + added != last:
                yield finding("sum", plan.meta.id, (spot(row), *spots), first=row.values[0][1], **values)
            for state, figure in _states(plan, row):
                total = figure.value + added
                if figure.value != first and "以上" not in figure.thing and total != last:
                    places = (spot(row), spot(state, figure.quote), *spots)
                    yield finding(
                        "sum_status", plan.meta.id, places, figure=figure.figure, total=f"{total:g}", **values
                    )


def _added(plan: Plan, row: Indicator) -> dict[float, tuple[FindingPlace, ...]]:
    """Map each number that clauses add to a row to where they say so."""
    found: dict[float, tuple[FindingPlace, ...]] = {}
    for clause, target in _pursuing(plan, row):
        if target.value is not None and _adds(target):
            found[target.value] = (*found.get(target.value, ()), spot(clause, target.quote))
    return found


def parts(plan: Plan) -> Iterator[LintFinding]:
    """Find states whose parts (其中…) do not make the whole."""
    for clause in plan.clauses:
        if clause.kind is not ClauseKind.STATUS:
            continue
        figures = state_figures(clause.text)
        for whole in figures:
            inside = [one for one in figures if one.whole == whole.thing]
            total = sum(one.value for one in inside)
            if len(inside) > 1 and total != whole.value:
                quote = spot(clause, whole.quote)
                yield finding(
                    "parts", plan.meta.id, (quote,), thing=whole.thing, figure=whole.figure, total=f"{total:g}"
                )


def said_twice(plan: Plan) -> Iterator[LintFinding]:
    """Find numbers that prose and a clause give differently for one thing."""
    tasks = [(clause, one) for clause in plan.clauses if clause.kind is ClauseKind.TASK for one in clause.targets]
    for clause in plan.clauses:
        for target in clause.targets if clause.kind is ClauseKind.TEXT else ():
            for task, other in tasks:
                reads = [(one.value, one.comparator) for one in (target, other)]
                if target.what == other.what and target.value is not None and not _adds(other) and reads[0] != reads[1]:
                    spots = (spot(clause, target.quote), spot(task, other.quote))
                    values = {"what": target.what, "one": target.verb + target.figure, "two": other.verb + other.figure}
                    yield finding("said_twice", plan.meta.id, spots, **values)


def prose(plan: Plan) -> Iterator[LintFinding]:
    """Find numbers in prose that are not the table's, and totals worded as if they were added."""
    for row in plan.indicators:
        first, last = _number(row.values[0][1]), _number(row.values[-1][1])
        for clause, target in _targets(plan, row, ClauseKind.TEXT):
            if target.value is None or last is None:
                continue
            spots = (spot(row), spot(clause, target.quote))
            if not _adds(target) and target.value != last:
                yield finding("prose", plan.meta.id, spots, name=row.name, figure=target.figure, last=row.values[-1][1])
            elif _adds(target) and first and target.value == last:
                yield finding("total_as_added", plan.meta.id, spots, quote=target.quote, first=first, last=last)


def pursuit(plan: Plan) -> Iterator[LintFinding]:
    """Find rows that no clause pursues, that no clause puts a number to, or that are certain only in the table."""
    for row in plan.indicators:
        if not row.clauses:
            yield finding("unpursued", plan.meta.id, (spot(row),), name=row.name)
            continue
        found = _pursuing(plan, row)
        first, last = _number(row.values[0][1]), _number(row.values[-1][1])
        clauses = tuple(spot(clause, clause.title) for clause in plan.clauses if clause.id in row.clauses)
        if not found and (last or 0) - (first or 0) and last != 1:
            yield finding("no_number", plan.meta.id, (spot(row), *clauses), name=row.name, last=row.values[-1][1])
        hopes = load("lint")["hopes"]
        if found and all(target.verb.startswith(tuple(hopes)) for _, target in found):
            spots = tuple(spot(clause, target.quote) for clause, target in found)
            yield finding(
                "only_hoped", plan.meta.id, (spot(row), *spots), name=row.name, verb=found[0][1].verb[:2],
                last=row.values[-1][1],
            )  # fmt: skip


def names(plan: Plan) -> Iterator[LintFinding]:
    """Find things that the table and the text call by two names, or count with two counters."""
    for row in plan.indicators:
        called: dict[str, list[tuple[Clause, Target]]] = {}
        counted: dict[str, list[tuple[Clause, Target]]] = {}
        for kind in (ClauseKind.TEXT, ClauseKind.TASK):
            for clause, target in _targets(plan, row, kind):
                called.setdefault(target.what, []).append((clause, target))
                counted.setdefault(target.counter, []).append((clause, target))
        for group, rule, own in ((called, "name", row.name), (counted, "counter", row.counter)):
            for other, found in group.items():
                if own and _plain(other) != _plain(own):
                    spots = tuple(spot(clause, target.quote) for clause, target in found)
                    yield finding(rule, plan.meta.id, (spot(row), *spots), name=row.name, own=own, other=other)
    bare = [row for row in plan.indicators if not row.counter]
    if bare and len(bare) < len(plan.indicators):
        yield finding("no_counter", plan.meta.id, tuple(map(spot, bare)), names="、".join(row.name for row in bare))


def _plain(text: str) -> str:
    return re.sub(r"[“”\"（）()\s]", "", text)


def _number(text: str) -> float | None:
    found = re.fullmatch(r"[^0-9]{0,2}([0-9]+(?:\.[0-9]+)?)[%％]?", text)
    return float(found[1]) if found else None


def _adds(target: Target) -> bool:
    """Whether the plan's verb means more of the thing (新增), not a number in all (达到)."""
    return any(verb in target.verb for verb in load("lint")["adding"])


def _targets(plan: Plan, row: Indicator, kind: ClauseKind) -> list[tuple[Clause, Target]]:
    return [
        (clause, target)
        for clause in plan.clauses
        if clause.kind is kind
        for target in clause.targets
        if pursues(target, row.name, row.counter) >= SAME
    ]


def _pursuing(plan: Plan, row: Indicator) -> list[tuple[Clause, Target]]:
    return [(clause, target) for clause, target in _targets(plan, row, ClauseKind.TASK) if clause.id in row.clauses]


def _states(plan: Plan, row: Indicator) -> Iterator[tuple[Clause, StateFigure]]:
    level, wanted = core_name(row.name)
    for clause in plan.clauses:
        if clause.kind is not ClauseKind.STATUS:
            continue
        for figure in state_figures(clause.text):
            other, found = core_name(figure.thing.replace("及以上", "").replace("以上", ""))
            if wanted == found and level == other:
                yield clause, figure
