"""A question → its answer: from the data where it can be, by retrieval where it can't, or declined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from bot.ask.answer import Answer, AnswerKind, Choice
from bot.ask.contradictions import contradictions_answer
from bot.ask.countdown import countdown_answer
from bot.ask.datafiles import load
from bot.ask.declines import asked_decline, decline, districts_name, nearest_note, place_decline, unit_decline
from bot.ask.duties import duties_answer, find_duties, lead_only
from bot.ask.figures import has_figure
from bot.ask.join import join_answers
from bot.ask.lookups import (
    clause_answer,
    count_answer,
    deadline_answer,
    due_by,
    find_clauses,
    help_answer,
    indicators_answer,
    meta_answer,
    plans_answer,
    recurring_answer,
    tasks_answer,
    units_answer,
)
from bot.ask.measures import Measure, find_measures
from bot.ask.question import Kind, Question
from bot.ask.retrieval import SURE_ENOUGH, Found, Retrieval
from bot.ask.shelf import FEW, Shelf
from bot.ask.topics import measure_answer, topic_answer
from bot.ask.wide import narrowed, wide_answer
from bot.messages import say
from corpus.dates import find_due
from corpus.model import Clause, ClauseKind, Role
from index.catalogue import OpenPlan
from index.snapshot import Snapshot

_SAME_NAME = 0.75
"""Score from which a comparison that names no figure still means one."""
_BEST = 2
"""Clauses that count as what a question is about, where it asks for a time."""
_NOW = (ClauseKind.INDICATOR, ClauseKind.STATUS)
"""Where plans print how things stand now."""
_MEASURED = (Kind.TARGET, Kind.BASELINE)
_LISTS: dict[Kind, Callable[[Shelf, Question], Answer]] = {
    Kind.PLANS: plans_answer,
    Kind.TASKS: tasks_answer,
    Kind.UNITS: units_answer,
    Kind.INDICATORS: indicators_answer,
    Kind.META: meta_answer,
    Kind.COUNT: count_answer,
    Kind.LINT: contradictions_answer,
    Kind.RECURRING: recurring_answer,
}


@cache
def _bare_indicators() -> tuple[str, ...]:
    return tuple(load("intents")["overview_indicators"]["bare"])


class Resolver:
    """Answers questions over one shelf and snapshot."""

    def __init__(self, shelf: Shelf, snapshot: Snapshot, today: Callable[[], date]) -> None:
        self._shelf = shelf
        self._today = today
        self._retrieval = Retrieval(shelf, snapshot)

    def speaking(self, text: str) -> list[Clause]:
        """Return the clauses that share most words with a text, best first."""
        return self._retrieval.speaking(Question(Kind.TOPIC, text, topic=text))

    def structured(self, question: Question) -> Answer | None:
        """Return the answer that data alone gives; None where a search by meaning is needed."""
        if not self._shelf.districts:
            return decline("decline.nothing")
        if question.kind in (Kind.EMPTY, Kind.HELP):
            return help_answer(self._shelf) if question.kind is Kind.HELP else self._empty()
        if question.foreign and not question.named_districts:
            return place_decline(self._shelf, question)
        if question.asked and (no := asked_decline(self._shelf, question, None)):
            return replace(no, why=(say("why.asked", asked=question.asked),))
        if question.options:
            return self._choose(question)
        question = narrowed(self._shelf, question)
        return wide_answer(self._shelf, question) or self._by_kind(question)

    def _by_kind(self, question: Question) -> Answer | None:
        shelf = self._shelf
        if question.kind is Kind.CLAUSE and question.clause:
            clauses = find_clauses(shelf, question, question.clause)
            return clause_answer(shelf, clauses) if clauses else self._no_clause(question)
        if question.kind is Kind.DEADLINE and (question.before or not question.topic):
            return deadline_answer(shelf, question) or self._no_deadline(question)
        if question.kind is Kind.COUNTDOWN:
            return countdown_answer(shelf, question, self._today())
        if question.kind in _LISTS:
            return _LISTS[question.kind](shelf, question)
        if question.units or question.unknown_units:
            return self._duties(question)
        return self._about_topic(question)

    def _duties(self, question: Question) -> Answer | None:
        if question.unknown_units:
            return unit_decline(self._shelf, question)
        if question.apart and len(question.units) > 1:
            return self._apart(question)
        found = find_duties(self._shelf, question, self._keep(question))
        if found:
            words = self._retrieval.words(question.topic) if question.topic else {}
            return duties_answer(self._shelf, question, found, words)
        if question.before and find_duties(self._shelf, question, lambda _: True):
            return self._no_deadline(question)
        named = question.topic and find_duties(self._shelf, question, lambda _: True)
        return self._no_topic(question) if named else unit_decline(self._shelf, question)

    def _apart(self, question: Question) -> Answer:
        """Return each unit's clauses one below the other."""
        pairs = zip(question.unit_groups, question.unit_names, strict=False)
        each = [
            replace(question, units=keys, unit_groups=(keys,), unit_names=(name,), apart=False) for keys, name in pairs
        ]
        answers = [answer for one in each if (answer := self._duties(one))]
        return join_answers(answers, [name for one in each for name in one.unit_names])

    def _keep(self, question: Question) -> Callable[[Clause], bool]:
        """Return the filter that the question puts on a unit's clauses: a date, its topic, or that the unit leads."""
        limit = question.before
        if limit:
            others = self._keep(replace(question, before=None))
            return lambda clause: others(clause) and due_by(clause, limit)
        if question.topic:
            every = find_duties(self._shelf, question, lambda _: True)
            clauses = [clause for one in every for clause in one.all_clauses]
            chosen = {clause.id for clause in self._retrieval.among(question, clauses)}
            return lambda clause: clause.id in chosen
        if question.with_figures:
            return has_figure
        if question.lead_only:
            names = {name: key for plan in self._shelf.plans_of(question.districts) for name, key in plan.keys.items()}
            return lambda clause: lead_only(clause, frozenset(question.units), names)
        return lambda _: True

    def _about_topic(self, question: Question) -> Answer | None:
        if not question.topic and not question.context:
            table = question.districts and question.kind is Kind.TARGET
            if table and any(word in question.text for word in _bare_indicators()):
                return indicators_answer(self._shelf, question)
            return self._vague()
        measured, compared = question.kind in _MEASURED, question.compare and question.kind is Kind.TOPIC
        # Looked for only where a figure may be the answer: it takes longer than the search itself.
        measures = self._measures(question) if measured or compared else ()
        if measured or (measures and measures[0].score >= _SAME_NAME):
            late = self._late_year(question, measures)
            if late or (measures and self._compares_all(question, measures)):
                return late or measure_answer(self._shelf, question, measures)
        found = self._retrieval.exact(question)
        return self._found(question, found) if found and not self._missing(question, found) else None

    def _compares_all(self, question: Question, measures: Sequence[Measure]) -> bool:
        """Whether a comparison has a figure in every district that it asks about."""
        districts = {one.plan.meta.district for one in measures}
        return not question.compare or districts.issuperset(question.districts or self._shelf.districts)

    def _plans(self, question: Question) -> tuple[OpenPlan, ...]:
        """Return the plans whose figures may be meant; where many districts are, those that speak of the topic most."""
        if self._shelf.is_wide(question.districts):
            return self._shelf.plans_with(self._retrieval.speaking(question))[:FEW]
        return self._shelf.plans_of(question.districts)

    def _measures(self, question: Question) -> tuple[Measure, ...]:
        plans = self._plans(question)
        words = cache(lambda text: tuple(self._retrieval.words(text)))  # asked once for every name of a figure
        found = find_measures(self._shelf, plans, question.topic, words)
        if question.kind is Kind.BASELINE and not any(one.kind in _NOW for one in found):
            return ()
        exact = not question.context
        return tuple(one for one in found if not exact or one.says_all)

    def _late_year(self, question: Question, measures: Sequence[Measure]) -> Answer | None:
        """Decline a year for which the plans give no figure."""
        if not question.years:
            return None
        known = {year for one in measures for year in one.years} if measures else set()
        plans = self._plans(question)
        for plan in plans:
            known |= {year for row in plan.indicators for year, _ in row.values}
        missing = [year for year in question.years if year not in known]
        if not missing:
            return None
        end = max((plan.meta.end or 0 for plan in plans), default=0)
        looked = districts_name(self._shelf, question.districts)
        return decline("decline.year", districts=looked, year=missing[0], end=end)

    def retrieved(self, question: Question) -> Answer:
        """Return the answer that a search by words and meaning gives, or a decline."""
        late = self._late_year(question, ())
        if late:
            return late
        found = self._retrieval.near(question)
        why = (say("why.near", count=len(found.clauses), confidence=f"{found.confidence:.2f}"),)
        return replace(self._near(question, found), why=why, confidence=found.confidence)

    def _near(self, question: Question, found: Found) -> Answer:
        """Return the answer that what was found gives, or a decline."""
        elsewhere = self._retrieval.elsewhere(question, found)
        if elsewhere:
            return self._elsewhere(question, elsewhere)
        unsure = found.confidence < SURE_ENOUGH or not found.clauses
        missing = "decline.topic" if unsure else self._missing(question, found)
        if missing:
            looked = districts_name(self._shelf, question.districts)
            topic = question.topic or question.text
            return decline(missing, notes=nearest_note(self._shelf, found.clauses), districts=looked, topic=topic)
        return self._found(question, found)

    def _missing(self, question: Question, found: Found) -> str:
        """Return the message for what is asked for and not there: how things stand now, or a time."""
        if question.kind is Kind.BASELINE and question.topic and not self._retrieval.stated(question, found):
            return "decline.now"
        if question.when and question.topic and not any(find_due(clause.body) for clause in found.clauses[:_BEST]):
            return "decline.when"
        return ""

    def _found(self, question: Question, found: Found) -> Answer:
        if question.asked and (no := asked_decline(self._shelf, question, found.clauses[:3])):
            return no
        answer = topic_answer(self._shelf, question, found)
        if question.lead_only and not any(ref.role is Role.LEAD for one in found.clauses for ref in one.units):
            return replace(answer, notes=(say("topic.no_lead"), *answer.notes))
        return answer

    def _elsewhere(self, question: Question, words: tuple[str, ...]) -> Answer:
        """Decline a topic that only the plans of other districts speak of."""
        shelf = self._shelf
        others = [
            one for one in shelf.districts if one not in question.districts and self._retrieval.knows(words[0], (one,))
        ]
        return decline(
            "decline.topic_elsewhere",
            choices=[Choice(say("choice.only", district=one), say("choice.say_only", district=one)) for one in others],
            districts=districts_name(shelf, question.districts),
            topic="、".join(words),
            others="、".join(others),
        )

    def _choose(self, question: Question) -> Answer:
        name = question.unit_names[0]
        units = [self._shelf.unit_name(key) for key in question.options]
        choices = tuple(Choice(unit, say("choice.duties_of", unit=unit)) for unit in units)
        line = say("choose.headline", name=name, options="、".join(units))
        return Answer(AnswerKind.CHOOSE, True, line, choices=choices)

    def _empty(self) -> Answer:
        return decline("empty.headline", choices=help_answer(self._shelf).choices)

    def _vague(self) -> Answer:
        return decline("decline.no_last", choices=help_answer(self._shelf).choices)

    def _no_clause(self, question: Question) -> Answer:
        ref = question.clause
        number = (ref.dotted or "．".join(map(str, ref.parts))) if ref else ""
        return decline("decline.clause", districts=districts_name(self._shelf, question.districts), number=number)

    def _no_deadline(self, question: Question) -> Answer:
        limit = question.before
        when = f"{limit.year}年{limit.month}月{limit.day}日前" if limit else ""
        return decline("decline.deadline", districts=districts_name(self._shelf, question.districts), when=when)

    def _no_topic(self, question: Question) -> Answer:
        near: Sequence[Clause] = found.clauses if (found := self._retrieval.exact(replace(question, units=()))) else ()
        return decline(
            "decline.unit_topic",
            notes=nearest_note(self._shelf, near),
            districts=districts_name(self._shelf, question.districts),
            topic=question.topic,
            unit="、".join(question.unit_names),
        )
