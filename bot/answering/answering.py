"""A query → its answer: from the data where it can be, by a search where it can't, or declined with proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from bot.answering.aims import aims_of, with_aims
from bot.answering.answer import Answer, AnswerKind, Choice
from bot.answering.comparisons import shared_answer
from bot.answering.conditions import conditions_text
from bot.answering.contradictions import contradictions_answer
from bot.answering.countdown import countdown_answer
from bot.answering.counted import asks_share, fitting, without_share
from bot.answering.declines import (
    decline,
    districts_name,
    nearest_note,
    place_decline,
    proven,
    thing_decline,
    year_decline,
)
from bot.answering.empty_lists import no_tasks
from bot.answering.examples import example, lead_on
from bot.answering.join import join_answers
from bot.answering.lists import (
    clause_answer,
    count_answer,
    help_answer,
    indicators_answer,
    meta_answer,
    plans_answer,
    rank_answer,
    units_answer,
)
from bot.answering.measured import measure_answer
from bot.answering.most_units import most_units_answer
from bot.answering.outline import outline_answer
from bot.answering.tasks import tasks_answer
from bot.answering.times import times_line
from bot.answering.topics import topic_answer
from bot.answering.whether import nearest_answer, whether_answer
from bot.answering.wide import narrowed, wide_answer
from bot.messages import say
from bot.query.claims import is_proven, marks_role
from bot.query.due import is_timed
from bot.query.execute import find_list, one_by_one
from bot.query.measures import Measure, find_measures
from bot.query.numbered import find_clauses
from bot.query.plan_repository import FEW, PlanRepository
from bot.query.query import Aspect, GroupBy, Match, Order, Query, Select, Where
from bot.query.search import SURE_ENOUGH, Found, Language, TopicSearch
from corpus.model import Clause, ClauseKind
from index.catalogue import OpenPlan
from index.snapshot import Snapshot

_SAME_NAME = 0.75
"""Score from which a comparison that names no figure still means one."""
_BEST = 2
"""Clauses that count as what a question is about, where it asks for a time."""
_NOW = (ClauseKind.INDICATOR, ClauseKind.STATUS)
"""Where plans print how things stand now."""
_LISTS: dict[Select, Callable[[PlanRepository, Query], Answer]] = {
    Select.PLANS: plans_answer,
    Select.INDICATORS: indicators_answer,
    Select.OUTLINE: outline_answer,
    Select.DOCUMENT: meta_answer,
    Select.CONTRADICTIONS: contradictions_answer,
}


class Answering:
    """Answers queries over one shelf and snapshot."""

    def __init__(
        self, shelf: PlanRepository, snapshot: Snapshot, language: Language, today: Callable[[], date]
    ) -> None:
        self._shelf = shelf
        self._today = today
        self._search = TopicSearch(shelf, snapshot, language)

    def speaking(self, text: str) -> list[Clause]:
        """Return the clauses that share most words with a text, best first."""
        return self._search.speaking(Query(Select.PASSAGES, Where(topic=text), words=text))

    def structured(self, query: Query) -> Answer | None:
        """Return the answer that data alone gives; None where a search by meaning is needed."""
        answer = self._structured(query)
        return lead_on(self._shelf, answer) if answer else None

    def _structured(self, query: Query) -> Answer | None:
        shelf = self._shelf
        if not shelf.districts:
            return decline("decline.nothing")
        if query.select is Select.HELP:
            return help_answer(shelf) if query.words else decline("empty.headline", example=example(shelf))
        if query.where.districts and not set(query.where.districts) & set(shelf.districts):
            return place_decline(shelf, query)
        nothing_named = not (query.where.topic or query.where.units or query.where.names or query.earlier)
        if query.thing and (no := thing_decline(shelf, query, () if nothing_named else None)):
            return replace(no, why=(say("why.asked", asked=query.thing),))
        ambiguous = next((term for term in query.where.units if term.ambiguous), None)
        if ambiguous:
            return self._choose(ambiguous.name, ambiguous.keys)
        query = narrowed(shelf, query)
        return wide_answer(shelf, query) or self._by_select(query)

    def _by_select(self, query: Query) -> Answer | None:
        shelf, where = self._shelf, query.where
        if query.select is Select.CLAUSE and query.clause:
            clauses = find_clauses(shelf, where.districts, query.clause)
            return clause_answer(shelf, clauses) if clauses else self._no_clause(query)
        if query.select is Select.DATES:
            return countdown_answer(shelf, query, self._today())
        if query.select in _LISTS:
            return _LISTS[query.select](shelf, query)
        if query.select is Select.TASKS:
            return self._list(query)
        if query.select is Select.UNITS and not where.topic:
            return self._units(query)
        return self._about_topic(query)

    def _list(self, query: Query) -> Answer | None:
        if _asks_whether(query):
            return whether_answer(self._shelf, self._search, query)
        if self._asks_time_elsewhere(query):
            return None
        answer, aims = self._tasks(query), aims_of(self._shelf, query)
        return with_aims(self._shelf, query, aims, answer) if aims else answer

    def _asks_time_elsewhere(self, query: Query) -> bool:
        """Whether a time is asked for that no task of the units speaks of: what is to be done may stand in prose."""
        timed = query.aspect is Aspect.TIME and bool(query.where.units and query.where.topic)
        return timed and not find_list(self._shelf, self._search, query.where).parts

    def _units(self, query: Query) -> Answer:
        if query.order is not Order.PLAN:
            return rank_answer(self._shelf, query)
        return (
            shared_answer(self._shelf, query) if query.group is GroupBy.DISTRICT else units_answer(self._shelf, query)
        )

    def _tasks(self, query: Query) -> Answer:
        shelf, where = self._shelf, query.where
        if query.group is GroupBy.UNIT and len(where.units) > 1:
            names = [term.name for term in where.units]
            return join_answers([self._tasks(replace(one, group=GroupBy.NONE)) for one in one_by_one(query)], names)
        if query.order is Order.MOST:
            return most_units_answer(shelf, query)
        if query.count and where == Where(districts=where.districts):
            return count_answer(shelf, query)
        found = find_list(shelf, self._search, where)
        if found.parts:
            words = self._search.words(where.topic) if where.topic else {}
            answer = tasks_answer(shelf, query, found, words)
            when = times_line(found.clauses, words) if query.aspect is Aspect.TIME and where.topic else ""
            return (
                replace(answer, headline=say("topic.when_first", when=when, line=answer.headline)) if when else answer
            )
        told_of_roles = bool(where.role) and not marks_role(shelf, query)
        if query.tentative and found.whole and not told_of_roles:
            return self._without_guess(query)
        near = self._search.exact(query) if where.topic else None
        return no_tasks(shelf, query, found, near.clauses if near else (), self._tasks)

    def _without_guess(self, query: Query) -> Answer:
        """Answer without what was only likely, and say so."""
        where = query.where
        if where.topic:
            plain, note = replace(where, topic=""), say("note.not_understood", piece=where.topic)
        else:
            plain = replace(where, role=None, match=Match.ALL)
            note = say("note.none_such", conditions=conditions_text(query))
        answer = self._tasks(replace(query, where=plain, tentative=False))
        return replace(answer, notes=(note, *answer.notes)) if answer.answered else answer

    def _about_topic(self, query: Query) -> Answer | None:
        if not query.where.topic and not query.earlier:
            return decline("decline.no_last")
        share = asks_share(query)
        measured = query.select is Select.FIGURES or share
        compared = query.group is GroupBy.DISTRICT and query.select is Select.PASSAGES
        # Looked for only where a figure may be the answer: it takes longer than the search itself.
        measures = self._measures(query) if measured or compared else ()
        if measured and (late := year_decline(self._shelf, query)):
            return late
        if share and not fitting(query, measures):
            measures = ()
        if measures and (measured or measures[0].score >= _SAME_NAME) and self._compares_all(query, measures):
            return measure_answer(self._shelf, query, measures)
        found = self._search.exact(query) or (None if measured else self._exact_core(query))
        if found is None and measured and query.core and not query.earlier:
            core = replace(query, where=replace(query.where, topic=query.core))
            if (measures := self._measures(core)) and self._compares_all(core, measures):
                return measure_answer(self._shelf, core, measures)
        return self._found(query, found) if found and not self._missing(query, found) else None

    def _exact_core(self, query: Query) -> Found | None:
        """Return the clauses that hold every word of the topic's core, where all of the topic stands in none."""
        if not query.core or query.earlier or self._search.says_more(query):
            return None
        return self._search.exact(replace(query, where=replace(query.where, topic=query.core)))

    def _compares_all(self, query: Query, measures: Sequence[Measure]) -> bool:
        """Whether a comparison has a figure in every district that it names, or in two where it names none."""
        if query.group is not GroupBy.DISTRICT:
            return True
        districts, wanted = {one.plan.meta.district for one in measures}, query.where.districts
        return districts.issuperset(wanted) if wanted else len(districts) > 1

    def _plans(self, query: Query) -> tuple[OpenPlan, ...]:
        """Return the plans whose figures may be meant; where many districts are, those that speak of the topic most."""
        if self._shelf.is_wide(query.where.districts):
            return self._shelf.plans_with(self._search.speaking(query))[:FEW]
        return self._shelf.plans_of(query.where.districts)

    def _measures(self, query: Query) -> tuple[Measure, ...]:
        words = cache(lambda text: tuple(self._search.words(text)))  # asked once for every name of a figure
        topic = query.where.topic
        found = find_measures(self._shelf, self._plans(query), topic, words)
        if asks_share(query) and not fitting(query, found):
            found = find_measures(self._shelf, self._plans(query), without_share(topic), words)
        if query.aspect is Aspect.STATE and not any(one.kind in _NOW for one in found):
            return ()
        exact = not query.earlier
        told = tuple(one for one in found if not exact or one.says_all)
        in_years = tuple(one for one in told if not query.where.years or one.years & set(query.where.years))
        return in_years or told

    def retrieved(self, query: Query) -> Answer:
        """Return the answer that a search by words and meaning gives, or a decline."""
        return lead_on(self._shelf, self._retrieved(query))

    def _retrieved(self, query: Query) -> Answer:
        if late := year_decline(self._shelf, query):
            return late
        about = _without_units(query) if _asks_whether(query) else query
        found = self._search.near(about)
        answer = self._near(about, found)
        if about is not query:
            silent = replace(query, aspect=Aspect.ANY, tentative=False)
            answer = nearest_answer(self._shelf, query, found) if answer.answered else self._tasks(silent)
        why = (say("why.near", count=len(found.clauses), confidence=f"{found.confidence:.2f}"),)
        return replace(answer, why=why, confidence=found.confidence)

    def _near(self, query: Query, found: Found) -> Answer:
        """Return the answer that what was found gives, or a decline."""
        elsewhere = self._search.elsewhere(query, found)
        if elsewhere:
            return self._elsewhere(query, elsewhere)
        if not found.clauses:
            return decline("decline.unclear", topic=query.where.topic or query.words)
        unsure = found.confidence < SURE_ENOUGH
        missing = "decline.topic" if unsure else self._missing(query, found)
        if missing:
            looked = districts_name(self._shelf, query.where.districts)
            near = nearest_note(self._shelf, found.clauses)
            no = decline(missing, notes=near, districts=looked, topic=query.where.topic or query.words)
            return proven(self._shelf, query, missing, no) or self._found(query, found)
        return self._found(query, found)

    def _missing(self, query: Query, found: Found) -> str:
        """Return the message for what is asked for and not there: how things stand now, or a time."""
        if not query.where.topic:
            return ""
        if query.aspect is Aspect.STATE and not self._search.stated(query, found):
            return "decline.now"
        if query.aspect is not Aspect.TIME:
            return ""
        words = tuple(self._search.words(query.core or query.where.topic))
        return "" if any(is_timed(clause, words) for clause in found.clauses[:_BEST]) else "decline.when"

    def _found(self, query: Query, found: Found) -> Answer:
        if query.thing and (no := thing_decline(self._shelf, query, found.clauses[:3])):
            return no
        answer = topic_answer(self._shelf, query, found)
        role = query.where.role
        if role and not any(ref.role is role for one in found.clauses for ref in one.units):
            return replace(answer, notes=(say(f"topic.no_{role.value}"), *answer.notes))
        return answer

    def _elsewhere(self, query: Query, words: tuple[str, ...]) -> Answer:
        """Decline a topic that only the plans of other districts speak of."""
        shelf, where = self._shelf, query.where
        others = [one for one in shelf.districts if one not in where.districts and self._search.knows(words[0], (one,))]
        return decline(
            "decline.topic_elsewhere",
            choices=[Choice(say("choice.only", district=one), say("choice.say_only", district=one)) for one in others],
            districts=districts_name(shelf, where.districts),
            topic="、".join(words),
            others="、".join(others),
        )

    def _choose(self, name: str, keys: Sequence[str]) -> Answer:
        units = [self._shelf.unit_name(key) for key in keys]
        choices = tuple(Choice(unit, say("choice.duties_of", unit=unit)) for unit in units)
        line = say("choose.headline", name=name, options="、".join(units))
        return Answer(AnswerKind.CHOOSE, True, line, choices=choices)

    def _no_clause(self, query: Query) -> Answer:
        if is_proven(self._shelf, query, "decline.no_more_clauses"):
            return decline("decline.no_more_clauses")
        ref = query.clause
        number = (ref.dotted or "．".join(map(str, ref.parts))) if ref else ""
        return decline("decline.clause", districts=districts_name(self._shelf, query.where.districts), number=number)


def _asks_whether(query: Query) -> bool:
    """Whether yes or no is asked: is a unit named for a topic?"""
    return (
        query.select is Select.TASKS
        and query.aspect is Aspect.WHETHER
        and bool(query.where.units and query.where.topic)
    )


def _without_units(query: Query) -> Query:
    """Return the query that looks for a topic alone, whoever answers for it."""
    where = Where(query.where.districts, topic=query.where.topic)
    return replace(query, select=Select.UNITS, where=where, words=query.where.topic)
