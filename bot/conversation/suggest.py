"""What matches while someone types: units, indicators and clauses, by their names and words, without the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.answering.figures import indicator_figure
from bot.answering.places import place_name
from bot.messages import say
from bot.query.plan_repository import PlanRepository
from bot.reading.text import clean
from corpus.model import Clause, ClauseKind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that matches what a user is typing: a clause, a unit or an indicator."""

    id: str
    label: str
    detail: str
    say: str
    """The message that opens it."""


Speaking = Callable[[str], Sequence[Clause]]
"""Finds the clauses that share most words with a text."""
_MOST_NAMES = 20
"""Units offered where there are too many plans to look through."""


def suggest(shelf: PlanRepository, speaking: Speaking, typed: str, limit: int, offset: int) -> tuple[Suggestion, ...]:
    """Return what matches ``typed``, names before titles before texts; nothing typed offers every unit."""
    wanted = clean(typed)
    matches = _wide_matches(shelf, speaking, wanted) if shelf.is_wide(()) else _matches(shelf, wanted)
    ranked = sorted(matches, key=lambda match: match[0])
    return tuple(suggestion for _, suggestion in ranked[offset : offset + limit])


def _wide_matches(shelf: PlanRepository, speaking: Speaking, wanted: str) -> Iterator[tuple[int, Suggestion]]:
    """Return the units of all plans by their common names, and the clauses that a search by words finds."""
    keys = dict.fromkeys(key for form, key in shelf.forms if wanted in form)
    for key in islice(keys, _MOST_NAMES):
        detail = say("suggest.unit_everywhere", count=len(shelf.tallies(key)))
        yield 0, Suggestion(f"u {key}", key, detail, say("choice.duties_of", unit=key))
    for clause in speaking(wanted) if wanted else ():
        yield 1, _clause_suggestion(shelf, clause)


def _clause_suggestion(shelf: PlanRepository, clause: Clause) -> Suggestion:
    place = f"{shelf.short(shelf.plan(clause.plan))} {place_name(clause)}"
    return Suggestion(clause.id, clause.title, place, say("suggest.say_clause", id=clause.id))


def _matches(shelf: PlanRepository, wanted: str) -> Iterator[tuple[int, Suggestion]]:
    for plan in shelf.plans:
        district = plan.meta.district
        for unit in plan.units:
            if any(wanted in name for name in (*unit.printed, unit.key, *unit.aliases)):
                count = len(plan.naming(unit.key))
                say_it = say("choice.duties_of", unit=f"{district}{unit.name}")
                detail = say("suggest.unit", district=district, count=count)
                yield 0, Suggestion(f"u {plan.meta.id} {unit.key}", unit.name, detail, say_it)
        if not wanted:
            continue
        for row in plan.indicators:
            if wanted in row.name:
                figure = indicator_figure(row)
                say_it = say("suggest.say_indicator", district=district, name=row.name)
                yield 1, Suggestion(row.id, row.name, f"{district} {figure.text}", say_it)
        for clause in plan.clauses:
            if clause.kind in (ClauseKind.TASK, ClauseKind.DUTY) and wanted in clause.text:
                yield 2 if wanted in clause.title else 3, _clause_suggestion(shelf, clause)
