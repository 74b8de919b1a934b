"""Answers with a figure: those asked for in the first line, others of a similar name, then who pursues them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answering.answer import Answer, AnswerKind, Section, source_of
from bot.answering.counted import asks_share, fitting
from bot.answering.entries import EntryMaker, EntryStyle, Figures, citations
from bot.answering.figures import measure_figure
from bot.answering.places import place_name
from bot.answering.topics import ONE, district_choices
from bot.messages import say
from bot.query.measures import Measure
from bot.query.plan_repository import PlanRepository
from bot.query.query import Aspect, GroupBy, Query
from corpus.model import Clause, ClauseKind, Target
from index.catalogue import OpenPlan

_SAME = 0.99
"""Score of a figure that is called as it was asked for."""
_ALIKE = 0.08
"""How far a score may lie below the best for the figure to be as good an answer."""
_ANY = 0.1
"""Weight of any other figure in a sentence."""
_MOST_FIRST, _MOST_OTHERS = 3, 3
_PREFERRED = {
    Aspect.STATE: (ClauseKind.INDICATOR, ClauseKind.STATUS, ClauseKind.TASK, ClauseKind.TEXT, ClauseKind.DUTY),
    Aspect.ANY: (ClauseKind.INDICATOR, ClauseKind.TASK, ClauseKind.DUTY, ClauseKind.TEXT, ClauseKind.STATUS),
}


@dataclass(frozen=True, slots=True)
class _PlanFigures:
    """A plan's figures: what is asked for, and what only has a similar name."""

    plan: OpenPlan
    asked: tuple[Measure, ...]
    others: tuple[Measure, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (*self.asked, *self.others)


def measure_answer(shelf: PlanRepository, query: Query, measures: Sequence[Measure]) -> Answer:
    """Return the figures first, by plan, then the clauses that pursue them."""
    told = _of_plans(shelf, query, measures)
    style = EntryStyle(words=_words(measures), room=ONE, units_in_full=True, figures=Figures.NONE)
    maker = EntryMaker(shelf, style)
    sections, rows, tasks = [], [], []
    for one in sorted(told, key=lambda one: not one.asked):
        clauses = _pursuing(query, one)
        aims = {clause.id for each in one.asked for clause in each.clauses} or {clause.id for clause in clauses}
        shown = [clause for clause in clauses if clause.id in aims or clause.kind is ClauseKind.STATUS]
        lines = _other_lines(one)
        heading = shelf.name(one.plan) if len(told) > 1 else ""
        sections.append(Section(heading, lines, maker.entries(shown)))
        rows.append(_distinct(each.home for each in one.measures if each.home.kind is not ClauseKind.TASK))
        tasks.append(clauses)
    plans = [one.plan for one in told]
    return Answer(
        kind=AnswerKind.COMPARE if query.group is GroupBy.DISTRICT else AnswerKind.TARGET,
        answered=True,
        headline=say("topic.who_comma").join(_headline(shelf, one) for one in told if one.asked),
        notes=_narrower(query, told),
        sections=tuple(sections),
        sources=tuple(source_of(plan.meta) for plan in plans),
        choices=district_choices(tuple(plans)),
        citations=citations(_interleave(rows, tasks)),
    )


def _words(measures: Sequence[Measure]) -> dict[str, float]:
    """Return what tells the sentence that sets a figure: its words, its name, and any figure of the same clauses."""
    homes = [home for one in measures for home in one.clauses]
    words = {target.figure: _ANY for home in homes for target in home.targets if target.figure}
    words |= {one.what: one.score for one in reversed(measures)}
    return words | {one.counted.quote: one.score for one in measures if isinstance(one.counted, Target)}


def _of_plans(shelf: PlanRepository, query: Query, measures: Sequence[Measure]) -> list[_PlanFigures]:
    preferred = _PREFERRED.get(query.aspect, _PREFERRED[Aspect.ANY])
    fit = fitting(query, measures) or list(measures)
    same = any(one.score >= _SAME for one in fit) and query.group is not GroupBy.DISTRICT
    found = []
    for plan in shelf.plans_with(one.home for one in measures):
        own = [one for one in measures if one.plan.meta.id == plan.meta.id]
        own.sort(key=lambda one: (one not in fit, preferred.index(one.kind), -one.score))
        asked = _asked([one for one in own if one in fit], _SAME if same else 0.0)
        found.append(_PlanFigures(plan, asked, tuple(one for one in own if one not in asked)))
    return found


def _asked(measures: Sequence[Measure], least: float) -> tuple[Measure, ...]:
    """Return the figures as good as the best of the first kind; none where the best is not called as it must be."""
    alike = [one for one in measures if one.score >= least]
    if not alike:
        return ()
    first = max((one for one in alike if one.kind is alike[0].kind), key=lambda one: one.score)
    best = [one for one in alike if one.kind is first.kind and one.score >= first.score - _ALIKE]
    by_text = {(one.what, measure_figure(one).text): one for one in reversed(best)}
    return tuple(one for one in best if one in by_text.values())[:_MOST_FIRST]


def _headline(shelf: PlanRepository, told: _PlanFigures) -> str:
    return say(
        "topic.figure",
        district=shelf.name(told.plan),
        figure=say("topic.figure_comma").join(map(_line, _merged(told.measures)[: len(_merged(told.asked))])),
    )


def _narrower(query: Query, told: Sequence[_PlanFigures]) -> tuple[str, ...]:
    """Say that the first line counts narrower kinds of what is asked for, where nothing counts it itself."""
    topic = query.where.topic
    counted = [one for plan in told for one in plan.asked]
    narrow = all(one.what != topic and one.what.endswith(topic) for one in counted)
    return (say("topic.narrower", topic=topic),) if counted and narrow and not asks_share(query) else ()


def _other_lines(told: _PlanFigures) -> tuple[str, ...]:
    """Return the lines of figures that only have a similar name; what the first line says is not said again."""
    said = {measure_figure(one) for one in told.asked}
    others = _merged([one for one in told.others if measure_figure(one) not in said])[:_MOST_OTHERS]
    lines = tuple(map(_line, others))
    return (say("topic.similar"), *lines) if lines else ()


def _merged(measures: Sequence[Measure]) -> list[list[Measure]]:
    """Return the figures, those of several places that say the same taken together."""
    found: dict[tuple[str, str], list[Measure]] = {}
    for one in measures:
        figure = measure_figure(one)
        found.setdefault((figure.name, figure.text), []).append(one)
    return list(found.values())


def _line(measures: Sequence[Measure]) -> str:
    figure = measure_figure(measures[0])
    places = say("entry.place_comma").join(dict.fromkeys(place_name(one.home) for one in measures))
    text = say("render.figure", name=figure.name, text=figure.text) if figure.name else figure.text
    return say("topic.figure_at", figure=text, place=places)


def _pursuing(query: Query, told: _PlanFigures) -> list[Clause]:
    """Return the clauses that pursue the figures, those of the best figure first; states first where they are asked."""
    ranked = (*told.asked, *sorted(told.others, key=lambda one: -one.score))
    clauses = [clause for one in ranked for clause in one.clauses]
    if query.aspect is not Aspect.STATE:
        return _distinct(clauses)
    words = query.where.topic.split()
    states = (one for one in told.plan.clauses if one.kind is ClauseKind.STATUS)
    return _distinct([*(one for one in states if any(word in one.text for word in words)), *clauses])


def _distinct(clauses: Iterable[Clause]) -> list[Clause]:
    return list({clause.id: clause for clause in clauses}.values())


def _interleave(rows: list[list[Clause]], tasks: list[list[Clause]]) -> list[Clause]:
    """Return the first row of each plan, then the tasks in turn, then what is left."""
    first = [lane[0] for lane in rows if lane]
    longest = max(map(len, tasks), default=0)
    turns = [lane[turn] for turn in range(longest) for lane in tasks if turn < len(lane)]
    return _distinct([*first, *turns, *(clause for lane in rows for clause in lane)])
