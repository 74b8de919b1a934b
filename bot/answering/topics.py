"""Answers about a topic: who is responsible, what is to be reached, what the plans say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.answering.answer import Answer, AnswerKind, Choice, Figure, Section, Source
from bot.answering.entries import EntryMaker, Style, citations, group
from bot.answering.figures import measure_figure
from bot.answering.places import place_name
from bot.messages import say
from bot.query.matching import has_figure
from bot.query.measures import Measure
from bot.query.query import Aspect, Group, Query, Select
from bot.query.search import Found
from bot.query.shelf import Shelf
from corpus.model import Clause, ClauseKind, Role
from index.catalogue import OpenPlan

SENTENCES = 3
"""Sentences shown of a clause where its topic was asked for."""
_MOST_LINES = 6
_WITHOUT_UNITS = (ClauseKind.INDICATOR, ClauseKind.STATUS)
_PREFERRED = {
    Aspect.STATE: (ClauseKind.INDICATOR, ClauseKind.STATUS, ClauseKind.TASK, ClauseKind.TEXT, ClauseKind.DUTY),
    Aspect.ANY: (ClauseKind.INDICATOR, ClauseKind.TASK, ClauseKind.DUTY, ClauseKind.TEXT, ClauseKind.STATUS),
}


def topic_answer(shelf: Shelf, query: Query, found: Found) -> Answer:
    """Return the answer made of the clauses found, by district; who is responsible comes first where it was asked."""
    plans = shelf.plans_with(found.clauses)
    maker = EntryMaker(shelf, Style(words=found.words, sentences=SENTENCES, units_in_full=True))
    sections = []
    for plan in plans:
        own = [clause for clause in found.clauses if clause.plan == plan.meta.id]
        sections.append(Section(plan.meta.district if len(plans) > 1 else "", (), maker.entries(own)))
    return Answer(
        kind=AnswerKind.WHO if query.select is Select.UNITS else AnswerKind.TOPIC,
        answered=True,
        headline=_who_headline(plans, query, found) if query.select is Select.UNITS else _topic_headline(query, found),
        sections=tuple(sections),
        notes=_degraded(found),
        sources=tuple(Source(plan.meta.title, plan.meta.issued) for plan in plans),
        choices=(*_figure_choice(query, found), *district_choices(plans)),
        citations=citations(found.clauses),
    )


def _figure_choice(query: Query, found: Found) -> tuple[Choice, ...]:
    if not query.where.topic or not any(has_figure(clause) for clause in found.clauses):
        return ()
    return (Choice(say("choice.figures"), say("choice.say_figures")),)


def _who_headline(plans: tuple[OpenPlan, ...], query: Query, found: Found) -> str:
    lines = []
    for plan in plans:
        own = [clause for clause in found.clauses if clause.plan == plan.meta.id and clause.kind not in _WITHOUT_UNITS]
        first = next(iter(group(own)), [])
        lines += [say(key, district=plan.meta.district, **told) for key, told in _who_lines(first, query.where.role)]
    return "；".join(lines) or say("topic.who_none")


def _who_lines(clauses: Sequence[Clause], role: Role | None) -> Iterable[tuple[str, dict[str, str]]]:
    """Return the units of one task as each of its places names them; places that name the same are told together."""
    told: dict[tuple[str, ...], list[str]] = {}
    marked = any(ref.role is role for clause in clauses for ref in clause.units)
    for clause in clauses:
        refs = [ref.name for ref in clause.units if not marked or ref.role is role]
        if refs:
            told.setdefault(tuple(dict.fromkeys(refs)), []).append(place_name(clause))
    key = f"topic.{role.value}" if role and marked else "topic.who"
    return [(key, {"units": "、".join(units), "place": " · ".join(places)}) for units, places in told.items()]


def _topic_headline(query: Query, found: Found) -> str:
    count = len(group(found.clauses))
    return say(
        "topic.headline" if found.exact else "topic.nearest",
        topic=query.where.topic or query.words.rstrip("?!。"),
        count=count,
    )


def _degraded(found: Found) -> tuple[str, ...]:
    return (say("topic.degraded", reason=found.degraded),) if found.degraded else ()


def district_choices(plans: tuple[OpenPlan, ...]) -> tuple[Choice, ...]:
    """Offer to look at one district alone where an answer covers several."""
    if len(plans) < 2:
        return ()
    names = [plan.meta.district for plan in plans]
    return tuple(Choice(say("choice.only", district=name), say("choice.say_only", district=name)) for name in names)


def measure_answer(shelf: Shelf, query: Query, measures: Sequence[Measure]) -> Answer:
    """Return the figures first, by district, then the clauses that pursue them."""
    preferred = _PREFERRED.get(query.aspect, _PREFERRED[Aspect.ANY])
    plans = shelf.plans_with(one.home for one in measures)
    maker = EntryMaker(
        shelf, Style(words=dict.fromkeys(query.where.topic.split(), 1.0), sentences=SENTENCES, units_in_full=True)
    )
    sections, rows, tasks, firsts = [], [], [], []
    for plan in plans:
        own = sorted(
            (one for one in measures if one.plan.meta.id == plan.meta.id),
            key=lambda one: (preferred.index(one.kind), -one.score),
        )
        firsts.append(measure_figure(own[0]))
        lines = tuple(dict.fromkeys(_measure_line(one) for one in own))
        clauses = _distinct(clause for one in sorted(own, key=lambda one: -one.score) for clause in one.clauses)
        if query.aspect is Aspect.STATE:
            clauses = _distinct([*_states(plan, query.where.topic), *clauses])
        related = (say("topic.related"),) if clauses else ()
        sections.append(Section(plan.meta.district, (*lines[:_MOST_LINES], *related), maker.entries(clauses)))
        rows.append(_distinct(one.home for one in own if one.home.kind is not ClauseKind.TASK))
        tasks.append(clauses)
    return Answer(
        kind=AnswerKind.COMPARE if query.group is Group.DISTRICT else AnswerKind.TARGET,
        answered=True,
        headline=_measure_headline(plans, firsts),
        sections=tuple(sections),
        sources=tuple(Source(plan.meta.title, plan.meta.issued) for plan in plans),
        choices=district_choices(plans),
        citations=citations(_interleave(rows, tasks)),
    )


def _measure_line(measure: Measure) -> str:
    figure = measure_figure(measure)
    return f"{figure.name}：{figure.text}（{place_name(measure.home)}）"


def _states(plan: OpenPlan, topic: str) -> list[Clause]:
    """Return the states at the start that speak of the topic in its own words."""
    return [
        one for one in plan.clauses if one.kind is ClauseKind.STATUS and any(part in one.text for part in topic.split())
    ]


def _measure_headline(plans: tuple[OpenPlan, ...], figures: Sequence[Figure]) -> str:
    return "；".join(
        say("topic.figure", district=plan.meta.district, figure=f"{figure.name}：{figure.text}")
        for plan, figure in zip(plans, figures, strict=True)
    )


def _distinct(clauses: Iterable[Clause]) -> list[Clause]:
    return list({clause.id: clause for clause in clauses}.values())


def _interleave(rows: list[list[Clause]], tasks: list[list[Clause]]) -> list[Clause]:
    """Return the first row of each district, then the tasks in turn, then what is left."""
    first = [lane[0] for lane in rows if lane]
    longest = max(map(len, tasks), default=0)
    turns = [lane[turn] for turn in range(longest) for lane in tasks if turn < len(lane)]
    return _distinct([*first, *turns, *(clause for lane in rows for clause in lane)])
