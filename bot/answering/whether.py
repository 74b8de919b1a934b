"""Yes or no, with the reason: whether a unit is named for a topic, told from every clause that speaks of it.

“No” is a claim about the plan and is proven first: no clause that holds the topic's words names the unit.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from bot.answering.answer import Answer, AnswerKind, Section
from bot.answering.declines import unit_decline
from bot.answering.entries import EntryMaker, EntryStyle, Figures, citations
from bot.answering.lists import sources
from bot.answering.parties import unit_names
from bot.answering.places import place_name
from bot.messages import say
from bot.query.claims import is_proven, marks_role
from bot.query.grouping import group
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query, Where
from bot.query.search import Found, TopicSearch
from bot.query.tasks import PlanTasks, find_tasks
from corpus.model import Clause
from index.catalogue import OpenPlan

_ONE = 1
_MOST_PLACES = 2
"""Tasks whose places stand in the first line; of more, their number."""
_MOST_UNITS = 6
"""Units named in the first line of a “no”; of more, the first of them and their number."""
_MOST_SHOWN = 3
"""Tasks shown below a “no”."""


@dataclass(frozen=True, slots=True)
class _PlanVerdict:
    """What one plan says: its clauses on the topic, and those of them that name the unit, under what name."""

    plan: OpenPlan
    about: tuple[Clause, ...]
    naming: tuple[Clause, ...]
    names: tuple[str, ...]

    @property
    def shown(self) -> tuple[Clause, ...]:
        if self.naming:
            return self.naming
        return tuple(clause for joined in group(self.about)[:_MOST_SHOWN] for clause in joined)


def whether_answer(shelf: PlanRepository, search: TopicSearch, query: Query) -> Answer | None:
    """Return yes or no with the clauses that tell, or that no plan names the unit; None where none holds the topic."""
    where = query.where
    if is_proven(shelf, query, "decline.unit"):
        return unit_decline(shelf, query)
    unmarked = where.role is not None and not marks_role(shelf, query)
    asked = replace(where, role=None) if unmarked else where
    told = _of_plans(shelf, search.holding(where), asked)
    if not told or not (any(one.naming for one in told) or is_proven(shelf, query, "whether.no")):
        return None
    line = say("topic.who_comma").join(_line(shelf, query, one) for one in told)
    answer = _answer(shelf, query, told, line, search.words(where.topic))
    return replace(answer, notes=(say(f"topic.no_{where.role.value}"),)) if unmarked and where.role else answer


def nearest_answer(shelf: PlanRepository, query: Query, found: Found) -> Answer:
    """Return whether the nearest clause names the unit, where no clause holds the topic itself."""
    first = next(iter(group([clause for clause in found.clauses if clause.units])), [])
    told = _of_plans(shelf, tuple(first), query.where)
    lines = (
        say(
            "whether.near_yes" if one.naming else "whether.near_no",
            topic=query.where.topic,
            unit="、".join(one.names),
            place=_places(one.about),
            units=_units(one.about),
        )
        for one in told
    )
    return _answer(shelf, query, told, next(lines, say("topic.who_none")), found.words)


def _of_plans(shelf: PlanRepository, about: tuple[Clause, ...], where: Where) -> list[_PlanVerdict]:
    """Return what each plan says that speaks of the topic; plans that name the unit first."""
    parts = {part.plan.meta.id: part for part in find_tasks(shelf, replace(where, topic=""))}
    ids = {clause.id for clause in about}
    found = []
    for plan in shelf.plans_with(about):
        own = tuple(clause for clause in about if clause.plan == plan.meta.id)
        part = parts.get(plan.meta.id, PlanTasks(plan)).kept(lambda clause: clause.id in ids)
        naming = (*part.clauses, *(clause for _, clauses in part.through for clause in clauses))
        through = () if part.clauses else tuple(name for name, _ in part.through)
        names = through or part.names or tuple(term.name for term in where.units)
        found.append(_PlanVerdict(plan, own, naming, names))
    return found


def _line(shelf: PlanRepository, query: Query, told: _PlanVerdict) -> str:
    yes, no = _words(query.words)
    tasks = group(told.naming or told.about)
    district, unit = shelf.name(told.plan), "、".join(told.names)
    if told.naming:
        key = "whether.yes" if len(tasks) <= _MOST_PLACES else "whether.yes_many"
        place = _places(told.naming)
        total = len(unit_names(tasks[0]))
        return say(
            key, yes=yes, district=district, unit=unit, place=place, count=len(tasks), total=total,
            topic=query.where.topic,
        )  # fmt: skip
    key = "whether.no" if len(tasks) <= _MOST_PLACES else "whether.no_many"
    place = _places(told.about)
    return say(
        key, no=no, district=district, unit=unit, place=place, count=len(tasks), units=_units(told.about),
        topic=query.where.topic,
    )  # fmt: skip


def _places(clauses: Sequence[Clause]) -> str:
    return say("entry.place_comma").join(dict.fromkeys(map(place_name, clauses)))


def _units(clauses: Sequence[Clause]) -> str:
    names = unit_names(clauses)
    listed = say("render.unit_comma").join(names[:_MOST_UNITS])
    return listed if len(names) <= _MOST_UNITS else listed + say("render.among", count=len(names))


def _answer(
    shelf: PlanRepository, query: Query, told: Sequence[_PlanVerdict], line: str, words: Mapping[str, float]
) -> Answer:
    named = any(one.naming for one in told)
    asked = frozenset(key for term in query.where.units for key in term.keys)
    through = frozenset(unit.key for one in told for unit in one.plan.units if unit.name in one.names)
    maker = EntryMaker(
        shelf, EntryStyle(words, _ONE, asked=asked | through, units_in_full=not named, figures=Figures.NONE)
    )
    sections = tuple(
        Section(shelf.name(one.plan) if len(told) > 1 else "", (), maker.entries(one.shown)) for one in told
    )
    return Answer(
        AnswerKind.WHO, True, line, sections,
        sources=sources(one.plan for one in told),
        citations=citations(clause for one in told for clause in (*one.shown, *one.about)),
    )  # fmt: skip


@cache
def _asked() -> tuple[tuple[tuple[str, ...], str, str], ...]:
    data = tomllib.loads(resources.files("bot.answering").joinpath("whether.toml").read_text(encoding="utf-8"))
    return tuple((tuple(one["words"]), one["yes"], one["no"]) for one in data["asked"])


def _words(message: str) -> tuple[str, str]:
    """Return the words for yes and no that fit how a question is put."""
    found = ((yes, no) for words, yes, no in _asked() if any(word in message for word in words))
    return next(found, (say("whether.is"), say("whether.is_not")))
