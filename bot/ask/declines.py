"""Saying that the plans do not say it: one line, and what is nearest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from bot.ask.answer import Answer, AnswerKind, Choice
from bot.ask.datafiles import load
from bot.ask.entries import place_name
from bot.ask.question import Question
from bot.ask.shelf import Shelf
from bot.messages import say
from corpus.model import Clause

_MOST_OTHERS = 5
"""Districts named that have what is not there."""


def decline(reason: str, *, notes: Sequence[str] = (), choices: Sequence[Choice] = (), **values: object) -> Answer:
    """Return the one line of a decline, the message ``reason`` with its ``values``, and what is nearest behind it."""
    line = say(reason, **values)
    return Answer(AnswerKind.DECLINE, False, line, notes=tuple(notes), choices=tuple(choices), declined=reason)


def districts_name(shelf: Shelf, districts: Sequence[str]) -> str:
    """Return the districts looked through, for a sentence."""
    if shelf.is_wide(districts):
        return say("wide.all", count=len(districts or shelf.districts))
    return "、".join(districts or shelf.districts)


def nearest_note(shelf: Shelf, clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Name the place and title of up to two clauses; their text stays out of a decline."""
    places = "；".join(f"{shelf.short(shelf.plan(one.plan))} {place_name(one)}《{one.title}》" for one in clauses[:2])
    return (say("decline.nearest", places=places),) if places else ()


def unit_decline(shelf: Shelf, question: Question) -> Answer:
    """Decline a unit that the plans looked through do not name; say which plan does."""
    unit = "、".join(question.unknown_units or question.unit_names)
    others = [
        (tally.district, shelf.unit_name(key)) for key in question.units for tally in shelf.tallies(key)
        if question.districts and tally.district not in question.districts
    ][:_MOST_OTHERS]  # fmt: skip
    notes = [say("decline.unit_elsewhere", districts=district, unit=name) for district, name in others]
    choices = [
        Choice(say("choice.only", district=district), say("choice.say_only", district=district))
        for district, _ in others
    ]
    looked = districts_name(shelf, question.districts)
    return decline("decline.unit", notes=notes, choices=choices, districts=looked, unit=unit)


def place_decline(shelf: Shelf, question: Question) -> Answer:
    """Decline a district that has no plan here."""
    return decline("decline.place", place="、".join(question.foreign), districts=districts_name(shelf, ()))


@cache
def _evidence() -> dict[str, re.Pattern[str] | None]:
    return {one["kind"]: re.compile(one["evidence"]) if one["evidence"] else None for one in load("declines")["asked"]}


def asked_decline(shelf: Shelf, question: Question, clauses: Sequence[Clause] | None) -> Answer | None:
    """Decline a kind of thing that the clauses found (or, before a search, all of them) do not hold; else None."""
    evidence = _evidence()[question.asked]
    pool = clauses
    if pool is None and shelf.is_wide(question.districts):
        return None  # what is found tells, since all of it is more than one can look through
    if pool is None:
        pool = [clause for plan in shelf.plans_of(question.districts) for clause in plan.clauses]
    if evidence and any(evidence.search(clause.text) for clause in pool):
        return None
    return decline(f"decline_asked.{question.asked}")
