"""Saying that the plans do not say it: one line that is proven first, and what is nearest."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.answer import Answer, AnswerKind, Choice
from bot.answering.examples import example
from bot.answering.places import place_name
from bot.answering.things import evidence, is_known
from bot.messages import say
from bot.query.claims import is_proven, unnamed
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query, Select
from corpus.model import Clause

_MOST_OTHERS = 5
"""Districts named that have what is not there."""


def decline(reason: str, *, notes: Sequence[str] = (), choices: Sequence[Choice] = (), **values: object) -> Answer:
    """Return the one line of a decline, the message ``reason`` with its ``values``, and what is nearest behind it."""
    line = say(reason, **values)
    return Answer(AnswerKind.DECLINE, False, line, notes=tuple(notes), choices=tuple(choices), declined=reason)


def proven(shelf: PlanRepository, query: Query, reason: str, answer: Answer) -> Answer | None:
    """Return a decline whose claim about the plans holds; None where it does not."""
    return answer if is_proven(shelf, query, reason) else None


def districts_name(shelf: PlanRepository, districts: Sequence[str]) -> str:
    """Return the districts looked through, for a sentence."""
    if shelf.is_wide(districts):
        return say("wide.all", count=len(districts or shelf.districts))
    return "、".join(districts or shelf.districts)


def nearest_note(shelf: PlanRepository, clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Name the place and title of up to two clauses; their text stays out of a decline."""
    places = "；".join(f"{shelf.short(shelf.plan(one.plan))} {place_name(one)}《{one.title}》" for one in clauses[:2])
    return (say("decline.nearest", places=places),) if places else ()


def unit_decline(shelf: PlanRepository, query: Query) -> Answer:
    """Decline a unit that the plans looked through do not name; say which plan does."""
    districts = query.where.districts
    absent = unnamed(shelf, query) or query.where.units
    unit = "、".join(term.name for term in absent)
    others = [
        (tally.district, shelf.unit_name(key))
        for term in absent for key in term.keys for tally in shelf.tallies(key)
        if districts and tally.district not in districts
    ][:_MOST_OTHERS]  # fmt: skip
    notes = [say("decline.unit_elsewhere", districts=district, unit=name) for district, name in others]
    choices = [
        Choice(say("choice.only", district=district), say("choice.say_only", district=district))
        for district, _ in others
    ]
    return decline("decline.unit", notes=notes, choices=choices, districts=districts_name(shelf, districts), unit=unit)


def place_decline(shelf: PlanRepository, query: Query) -> Answer:
    """Decline a district that has no plan here."""
    return decline("decline.place", place="、".join(query.where.districts), districts=districts_name(shelf, ()))


def thing_decline(shelf: PlanRepository, query: Query, clauses: Sequence[Clause] | None) -> Answer | None:
    """Decline a kind of thing that the clauses found (or, before a search, all of them) do not hold; else None."""
    if not is_known(query.thing):
        return None  # a query that no message was read as
    pattern = evidence(query.thing)
    pool = clauses
    if pool is None and shelf.is_wide(query.where.districts):
        return None  # what is found tells, since all of it is more than one can look through
    if pool is None:
        pool = [clause for plan in shelf.plans_of(query.where.districts) for clause in plan.clauses]
    if pattern and any(pattern.search(clause.text) for clause in pool):
        return None
    return decline(f"decline_asked.{query.thing}", example=example(shelf))


def year_decline(shelf: PlanRepository, query: Query) -> Answer | None:
    """Decline a year that stands nowhere in the plans; None where it does."""
    plans = shelf.plans_of(query.where.districts)
    end = max((plan.meta.end or 0 for plan in plans), default=0)
    year = "、".join(map(str, query.where.years))
    looked = districts_name(shelf, query.where.districts)
    reason = "decline.year_figure" if query.select is Select.FIGURES else "decline.year"
    answer = decline(reason, districts=looked, year=year, end=say("decline.period", end=end) if end else "")
    return proven(shelf, query, reason, answer) if query.where.years else None
