"""What the entries of an answer set out to reach, all of it and in parts: for files, which have room for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.answering.answer import Answer, Entry, Goal
from bot.answering.entries import all_targets, own_targets
from bot.answering.figures import indicator_goal, target_goal
from bot.answering.places import place_name
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, ClauseKind


def with_goals(shelf: PlanRepository, answer: Answer) -> Answer:
    """Return the answer, its entries with their goals."""
    sections = tuple(
        replace(section, entries=tuple(replace(entry, goals=_goals(shelf, entry)) for entry in section.entries))
        for section in answer.sections
    )
    return replace(answer, sections=sections)


def _goals(shelf: PlanRepository, entry: Entry) -> tuple[Goal, ...]:
    """Return the targets that an entry shows, then the indicators that it pursues; what several places say, once."""
    clauses = shelf.find([quote.clause_id for quote in entry.quotes])
    # A row of the table is told as an indicator, with all its columns.
    rows = [clause for clause in clauses if clause.kind is ClauseKind.INDICATOR]
    targets = own_targets(shelf, clauses) if entry.asked else all_targets(clauses)
    found = [target_goal(target, home, place_name(home)) for target, home in targets if home not in rows]
    return tuple(_merged([*found, *_indicators(shelf, clauses)]))


def _indicators(shelf: PlanRepository, clauses: Iterable[Clause]) -> Iterable[Goal]:
    ids = {clause.id for clause in clauses}
    for plan in shelf.plans_with(clauses):
        rows = [row for row in plan.indicators if row.id in ids or ids.intersection(row.clauses)]
        homes = {clause.id: clause for clause in plan.find([row.id for row in rows])}
        yield from (indicator_goal(row, place_name(homes[row.id])) for row in rows)


def _merged(goals: Iterable[Goal]) -> list[Goal]:
    found: dict[Goal, list[str]] = {}
    for goal in goals:
        found.setdefault(replace(goal, places=()), []).extend(goal.places)
    return [replace(goal, places=tuple(dict.fromkeys(places))) for goal, places in found.items()]
