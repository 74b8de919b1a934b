"""Answers about a topic: who is responsible, what is to be reached, what the plans say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answering.answer import Answer, AnswerKind, Choice, Entry, Section, Source
from bot.answering.entries import EntryMaker, Figures, Style, citations
from bot.answering.parties import parties
from bot.answering.passages import held
from bot.answering.places import place_name
from bot.messages import say
from bot.query.grouping import group
from bot.query.matching import has_figure
from bot.query.query import Group, Query, Select
from bot.query.search import Found
from bot.query.shelf import Shelf
from corpus.model import Clause, Role
from index.catalogue import OpenPlan

ONE = 1
"""Room for one sentence, however long: where the first line is the answer."""
_ROOM = 300
"""Characters of the best clause's sentences: what it says is the answer."""
_BESIDE = 0.4
"""Share of the most of a topic that a clause holds, below which only the place of another is named."""
_MOST_SHOWN = 4
_LONGEST_TOPIC = 16


def topic_answer(shelf: Shelf, query: Query, found: Found) -> Answer:
    """Return the answer made of the clauses found, by plan; who is responsible comes first where it was asked."""
    who = query.select is Select.UNITS
    if who:
        with_units = sorted(found.clauses, key=lambda clause: not clause.units)
        found = replace(found, clauses=tuple(with_units))
    shown, beside = told_apart(found)
    plans = shelf.plans_with(shown)
    figures = Figures.ALL if query.select is Select.FIGURES else Figures.TOPIC
    compared = query.group is Group.DISTRICT
    style = Style(found.words, ONE, _ROOM, compared, units_in_full=True, figures=figures)
    maker = EntryMaker(shelf, style)
    sections = []
    for plan in plans:
        own = [clause for clause in shown if clause.plan == plan.meta.id]
        entries = _first_told(maker.entries(own)) if who else maker.entries(own)
        sections.append(Section(shelf.name(plan) if len(plans) > 1 else "", (), entries))
    if beside:
        sections.append(Section("", (say("topic.beside", places=_places(shelf, beside)),), ()))
    return Answer(
        kind=AnswerKind.WHO if who else AnswerKind.TOPIC,
        answered=True,
        headline=_who_headline(shelf, plans, query, shown) if who else _first_line(shelf, plans, query, found, shown),
        sections=tuple(sections),
        notes=_degraded(found),
        sources=tuple(Source(plan.meta.title, plan.meta.issued, plan.meta.id) for plan in plans),
        choices=(*_figure_choice(query, found), *district_choices(plans)),
        citations=citations([*shown, *beside]),
    )


def told_apart(found: Found) -> tuple[list[Clause], list[Clause]]:
    """Return the clauses to show, and those that hold so much less of the topic that naming their places is enough."""
    if found.exact:
        return list(found.clauses), []
    share = [held(_text(clause), found.words) for clause in found.clauses]
    enough = _BESIDE * max(share, default=0.0)
    groups = group(found.clauses)
    best = {clause.id for joined in groups[:1] for clause in joined}
    near = {clause.id for clause, one in zip(found.clauses, share, strict=True) if one >= enough and one > 0} | best
    shown = [clause for joined in groups if any(one.id in near for one in joined) for clause in joined]
    kept = {clause.id for joined in group(shown)[:_MOST_SHOWN] for clause in joined}
    return (
        [clause for clause in found.clauses if clause.id in kept],
        [clause for clause in found.clauses if clause.id not in kept],
    )


def _text(clause: Clause) -> str:
    return " ".join((*clause.path, clause.text))


def _places(shelf: Shelf, clauses: Sequence[Clause]) -> str:
    names = (f"{shelf.short(shelf.plan(one.plan))} {place_name(one)}" for one in clauses)
    return say("topic.beside_comma").join(names)


def _first_told(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries, the first marked as one whose units the answer's first line names."""
    return tuple(replace(entry, told=number == 0) for number, entry in enumerate(entries))


def _figure_choice(query: Query, found: Found) -> tuple[Choice, ...]:
    if not query.where.topic or not any(has_figure(clause) for clause in found.clauses):
        return ()
    return (Choice(say("choice.figures"), say("choice.say_figures")),)


def _who_headline(shelf: Shelf, plans: tuple[OpenPlan, ...], query: Query, shown: Sequence[Clause]) -> str:
    lines = []
    for plan in plans:
        own = [clause for clause in shown if clause.plan == plan.meta.id]
        first = next(iter(group(own)), [])
        lines += [say(key, district=shelf.name(plan), **told) for key, told in _who_lines(first, query.where.role)]
    return say("topic.who_comma").join(lines) or say("topic.who_none")


def _who_lines(clauses: Sequence[Clause], role: Role | None) -> Iterable[tuple[str, dict[str, str]]]:
    """Return the units of one task as each of its places names them; places that name the same are told together."""
    marked = role if any(ref.role is role for clause in clauses for ref in clause.units) else None
    key = f"topic.{marked.value}" if marked else "topic.who"
    everywhere = say("entry.place_comma").join(map(place_name, clauses))
    return [
        (key, {"units": say("render.unit_comma").join(one.units), "place": one.place or everywhere})
        for one in parties(clauses, marked)
    ]


def _first_line(shelf: Shelf, plans: tuple[OpenPlan, ...], query: Query, found: Found, shown: Sequence[Clause]) -> str:
    """Return what was found; where the plans' own words were asked for, with the units: most who ask want to know."""
    line = _topic_headline(query, found, shown)
    if not found.exact or len(group(shown)) > len(plans) or not any(clause.units for clause in shown):
        return line
    return say("topic.with_units", line=line, who=_who_headline(shelf, plans, query, shown))


def _topic_headline(query: Query, found: Found, shown: Sequence[Clause]) -> str:
    """Return how many clauses speak of the topic as it was read; a topic that was not made out is not quoted."""
    count, topic = len(group(shown)), say("topic.word_comma").join((query.core or query.where.topic).split())
    if found.exact:
        return say("topic.headline", topic=topic, count=count)
    return (
        say("topic.nearest", topic=topic, count=count)
        if topic and len(topic) <= _LONGEST_TOPIC
        else say("topic.nearest_unnamed", count=count)
    )


def _degraded(found: Found) -> tuple[str, ...]:
    return (say("topic.degraded", reason=found.degraded),) if found.degraded else ()


def district_choices(plans: tuple[OpenPlan, ...]) -> tuple[Choice, ...]:
    """Offer to look at one district alone where an answer covers several."""
    names = tuple(dict.fromkeys(plan.meta.district for plan in plans))
    if len(names) < 2:
        return ()
    return tuple(Choice(say("choice.only", district=name), say("choice.say_only", district=name)) for name in names)
