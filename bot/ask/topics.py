"""Answers about a topic: who is responsible, what is to be reached, what the plans say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.ask.answer import Answer, AnswerKind, Choice, Figure, Section, Source
from bot.ask.entries import EntryMaker, Style, citations, group, place_name
from bot.ask.figures import has_figure
from bot.ask.measures import Measure
from bot.ask.question import Kind, Question
from bot.ask.retrieval import Found
from bot.ask.shelf import Shelf
from bot.messages import say
from corpus.model import Clause, ClauseKind, Role
from index.catalogue import OpenPlan

SENTENCES = 3
"""Sentences shown of a clause where its topic was asked for."""
_MOST_LINES = 6
_PREFERRED = {
    Kind.BASELINE: (ClauseKind.INDICATOR, ClauseKind.STATUS, ClauseKind.TASK, ClauseKind.TEXT, ClauseKind.DUTY),
    Kind.TARGET: (ClauseKind.INDICATOR, ClauseKind.TASK, ClauseKind.DUTY, ClauseKind.TEXT, ClauseKind.STATUS),
}


def topic_answer(shelf: Shelf, question: Question, found: Found) -> Answer:
    """Return the answer made of the clauses found, by district; who is responsible comes first where it was asked."""
    plans = shelf.plans_with(found.clauses)
    maker = EntryMaker(shelf, Style(words=found.words, sentences=SENTENCES, units_in_full=True))
    sections = []
    for plan in plans:
        own = [clause for clause in found.clauses if clause.plan == plan.meta.id]
        sections.append(Section(plan.meta.district if len(plans) > 1 else "", (), maker.entries(own)))
    return Answer(
        kind=AnswerKind.WHO if question.kind is Kind.WHO else AnswerKind.TOPIC,
        answered=True,
        headline=_who_headline(plans, question, found)
        if question.kind is Kind.WHO
        else _topic_headline(question, found),
        sections=tuple(sections),
        notes=_degraded(found),
        sources=tuple(Source(plan.meta.title, plan.meta.issued) for plan in plans),
        choices=(*_figure_choice(question, found), *district_choices(plans)),
        citations=citations(found.clauses),
    )


def _figure_choice(question: Question, found: Found) -> tuple[Choice, ...]:
    if not question.topic or not any(has_figure(clause) for clause in found.clauses):
        return ()
    return (Choice(say("choice.figures"), say("choice.say_figures")),)


def _who_headline(plans: tuple[OpenPlan, ...], question: Question, found: Found) -> str:
    lines = []
    for plan in plans:
        own = [clause for clause in found.clauses if clause.plan == plan.meta.id and clause.units]
        first = next(iter(group(own)), [])
        refs = [ref for clause in first for ref in clause.units]
        leads = [ref for ref in refs if ref.role is Role.LEAD] if question.lead_only else []
        units = "、".join(dict.fromkeys(ref.name for ref in leads or refs))
        if units:
            lines.append(
                say(
                    "topic.lead" if leads else "topic.who",
                    district=plan.meta.district,
                    units=units,
                    place=place_name(first[0]),
                )
            )
    return "；".join(lines) or say("topic.who_none")


def _topic_headline(question: Question, found: Found) -> str:
    count = len(group(found.clauses))
    return say(
        "topic.headline" if found.exact else "topic.nearest",
        topic=(question.topic if found.exact else "") or question.text.rstrip("?!。"),
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


def measure_answer(shelf: Shelf, question: Question, measures: Sequence[Measure]) -> Answer:
    """Return the figures first, by district, then the clauses that pursue them."""
    preferred = _PREFERRED.get(question.kind, _PREFERRED[Kind.TARGET])
    plans = shelf.plans_with(one.home for one in measures)
    maker = EntryMaker(
        shelf, Style(words=dict.fromkeys(question.topic.split(), 1.0), sentences=SENTENCES, units_in_full=True)
    )
    sections, rows, tasks, firsts = [], [], [], []
    for plan in plans:
        own = sorted(
            (one for one in measures if one.plan.meta.id == plan.meta.id),
            key=lambda one: (preferred.index(one.kind), -one.score),
        )
        firsts.append(own[0].figure)
        lines = tuple(dict.fromkeys(f"{one.figure.name}：{one.figure.text}（{place_name(one.home)}）" for one in own))
        clauses = _distinct(clause for one in sorted(own, key=lambda one: -one.score) for clause in one.clauses)
        if question.kind is Kind.BASELINE:
            clauses = _distinct([*_states(plan, question.topic), *clauses])
        related = (say("topic.related"),) if clauses else ()
        sections.append(Section(plan.meta.district, (*lines[:_MOST_LINES], *related), maker.entries(clauses)))
        rows.append(_distinct(one.home for one in own if one.home.kind is not ClauseKind.TASK))
        tasks.append(clauses)
    return Answer(
        kind=AnswerKind.COMPARE if question.compare else AnswerKind.TARGET,
        answered=True,
        headline=_measure_headline(plans, firsts),
        sections=tuple(sections),
        sources=tuple(Source(plan.meta.title, plan.meta.issued) for plan in plans),
        choices=district_choices(plans),
        citations=citations(_interleave(rows, tasks)),
    )


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
