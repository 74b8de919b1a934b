"""Answers about a topic: who is responsible, what is to be reached, what the plans say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.answering.answer import Answer, AnswerKind, Choice, Entry, Section, source_of
from bot.answering.entries import EntryMaker, EntryStyle, Figures, citations
from bot.answering.parties import parties
from bot.answering.passages import held, sentences
from bot.answering.places import place_name
from bot.answering.said import said_line, without_said
from bot.answering.times import times_line
from bot.messages import say
from bot.query.claims import is_proven
from bot.query.grouping import group
from bot.query.matching import has_figure
from bot.query.plan_repository import PlanRepository
from bot.query.query import Aspect, GroupBy, Query, Select
from bot.query.search import Found
from corpus.model import Clause, ClauseKind, Role
from index.catalogue import OpenPlan

ONE = 1
"""Room for one sentence, however long: where the first line is the answer."""
_ROOM = 300
"""Characters of the best clause's sentences: what it says is the answer."""
_BESIDE = 0.4
"""Share of the most of a topic that a clause holds, below which only the place of another is named."""
_MOST_SHOWN = 4
_WHO_BESIDE, _WHO_SHOWN = 0.7, 2
"""The same where it is asked who answers for it: the first clause does, and another only where it is as near."""
_MOST_TOLD = 3
"""Plans whose words the first line has room for."""
_MOST_BESIDE = 3
"""Places behind 另见, nearest first."""
_NAMED = 0.5
"""Share of what was asked that a clause must hold for its lack of units to be the answer."""
_TIMED = 1
"""Clauses of those that are only near whose times the first line gives."""
_LONGEST_TOPIC = 16
_MOST_OF_TOPIC = 0.7
"""Share of a topic's characters in words that tell something, below which it was not made out and is not quoted."""


def topic_answer(shelf: PlanRepository, query: Query, found: Found) -> Answer:
    """Return the answer made of the clauses found, by plan; who is responsible comes first where it was asked."""
    who = query.select is Select.UNITS
    unnamed = who and _has_no_units(found)
    if who and not unnamed:
        with_units = sorted(found.clauses, key=lambda clause: not clause.units)
        found = replace(found, clauses=tuple(with_units))
    shown, beside = told_apart(query, found)
    if who:
        beside = [clause for clause in beside if clause.units]
        named = [clause for clause in shown if clause.units or clause.kind is not ClauseKind.TEXT]
        shown = shown[:1] if unnamed else named or shown
    plans = _best_first(shelf, found, shown)
    line = _who_headline(shelf, plans, query, shown) if who else _first_line(shelf, plans, query, found)
    figures = Figures.ALL if query.select is Select.FIGURES else Figures.TOPIC
    compared = query.group is GroupBy.DISTRICT
    style = EntryStyle(found.words, ONE, _ROOM, compared, units_in_full=True, figures=figures)
    maker = EntryMaker(shelf, style)
    sections = []
    for plan in plans:
        own = [clause for clause in shown if clause.plan == plan.meta.id]
        entries = maker.entries(own) if who else without_said(maker.entries(own), line)
        entries = _first_told(entries) if who or _units_told(found, shown) else entries
        sections.append(Section(shelf.name(plan) if len(plans) > 1 else "", (), entries))
    if beside:
        sections.append(Section("", (say("topic.beside", places=_places(shelf, beside[:_MOST_BESIDE])),), ()))
    return Answer(
        kind=AnswerKind.WHO if who else AnswerKind.TOPIC,
        answered=True,
        headline=line,
        sections=tuple(sections),
        notes=_degraded(found),
        sources=tuple(source_of(plan.meta) for plan in plans),
        choices=(*_figure_choice(query, found), *district_choices(plans)),
        citations=citations([*shown, *beside]),
    )


def _has_no_units(found: Found) -> bool:
    """Whether the nearest clause is a plan's text that names nobody and holds more of what was asked than any other."""
    first, others = found.clauses[0], found.clauses[1:]
    if found.exact or first.kind is not ClauseKind.TEXT or first.units:
        return False
    most = max((held(_text(one), found.words) for one in others), default=0.0)
    return held(_text(first), found.words) > max(most, _NAMED * sum(found.words.values()))


def _best_first(shelf: PlanRepository, found: Found, shown: Sequence[Clause]) -> tuple[OpenPlan, ...]:
    """Return the plans in their order where every clause holds the topic, else that of the nearest clause first."""
    plans = shelf.plans_with(shown)
    if found.exact:
        return plans
    order = list(dict.fromkeys(clause.plan for clause in shown))
    return tuple(sorted(plans, key=lambda plan: order.index(plan.meta.id)))


def told_apart(query: Query, found: Found) -> tuple[list[Clause], list[Clause]]:
    """Return the clauses to show, and those that hold so much less of the topic that naming their places is enough.

    Of clauses that are only near, the first alone is meant where its own words are asked for.
    """
    if found.exact:
        return list(found.clauses), []
    share = [held(_text(clause), found.words) for clause in found.clauses]
    one = len(query.where.topic.split()) == 1 and query.group is not GroupBy.DISTRICT
    who = query.select is Select.UNITS and one
    enough = (_WHO_BESIDE if who else _BESIDE) * max(share, default=0.0)
    most = 1 if query.entry else _WHO_SHOWN if who else _MOST_SHOWN
    groups = group(found.clauses)
    best = {clause.id for joined in groups[:1] for clause in joined}
    near = {clause.id for clause, one in zip(found.clauses, share, strict=True) if one >= enough and one > 0} | best
    shown = [clause for joined in groups if any(one.id in near for one in joined) for clause in joined]
    kept = {clause.id for joined in group(shown)[:most] for clause in joined}
    return (
        [clause for clause in found.clauses if clause.id in kept],
        [clause for clause in found.clauses if clause.id not in kept],
    )


def _text(clause: Clause) -> str:
    return " ".join((*clause.path, clause.text))


def _places(shelf: PlanRepository, clauses: Sequence[Clause]) -> str:
    comma = say("topic.beside_comma")
    places: dict[str, list[str]] = {}
    for clause in clauses:
        places.setdefault(shelf.short(shelf.plan(clause.plan)), []).append(place_name(clause))
    return comma.join(f"{plan} {comma.join(names)}" for plan, names in places.items())


def _first_told(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries, the first marked as one whose units the answer's first line names."""
    return tuple(replace(entry, told=number == 0) for number, entry in enumerate(entries))


def _figure_choice(query: Query, found: Found) -> tuple[Choice, ...]:
    if not query.where.topic or not any(has_figure(clause) for clause in found.clauses):
        return ()
    return (Choice(say("choice.figures"), say("choice.say_figures")),)


def _who_headline(shelf: PlanRepository, plans: tuple[OpenPlan, ...], query: Query, shown: Sequence[Clause]) -> str:
    lines = []
    for plan in plans:
        own = [clause for clause in shown if clause.plan == plan.meta.id]
        out = {unit.name for term in query.where.without for key in term.keys if (unit := plan.unit(key))}
        first = [_without(clause, out) for clause in next(iter(group(own)), [])]
        told = say("topic.who_comma").join(say(key, **words) for key, words in _who_lines(first, query.where.role))
        lines += [say("topic.of_district", district=shelf.name(plan), told=told)] if told else []
    return say("topic.who_comma").join(lines) or say("topic.who_no_other" if query.where.without else "topic.who_none")


def _without(clause: Clause, names: Collection[str]) -> Clause:
    """Return a clause without the units that are not asked about."""
    return replace(clause, units=tuple(ref for ref in clause.units if ref.name not in names)) if names else clause


def _who_lines(clauses: Sequence[Clause], role: Role | None) -> Iterable[tuple[str, dict[str, str]]]:
    """Return the units of one task as each of its places names them; places that name the same are told together."""
    marked = role if any(ref.role is role for clause in clauses for ref in clause.units) else None
    key = f"topic.{marked.value}" if marked else "topic.who"
    everywhere = say("entry.place_comma").join(map(place_name, clauses))
    return [
        (key, {"units": say("render.unit_comma").join(one.units), "place": one.place or everywhere})
        for one in parties(clauses, marked)
    ]


def _first_line(shelf: PlanRepository, plans: tuple[OpenPlan, ...], query: Query, found: Found) -> str:
    """Return what the plans say of the topic, and how many clauses do where they are more than what is said."""
    shown, _ = told_apart(query, found)
    line = _topic_headline(shelf, plans, query, found, shown)
    if units := _units_told(found, shown):
        line = say("topic.with_units", line=line, units=say("render.unit_comma").join(units))
    if query.aspect is Aspect.TIME and (when := times_line(shown if found.exact else shown[:_TIMED], found.words)):
        line = say("topic.when_first", when=when, line=line)
    return _said(shelf, query, found, line) if query.aspect is Aspect.WHETHER else line


def _units_told(found: Found, shown: Sequence[Clause]) -> tuple[str, ...]:
    """Return the units that the first line names beside what one clause says of a topic: most who ask want to know."""
    told = parties(shown) if found.exact and len(group(shown)) == 1 else ()
    return told[0].units if len(told) == 1 else ()


def _said(shelf: PlanRepository, query: Query, found: Found, line: str) -> str:
    """Return whether the plans say it at all, before what they say: yes where every word does, no with proof."""
    if found.exact:
        return say("whether.said", line=line)
    nowhere = is_proven(shelf, query, "decline.topic") and " " not in query.where.topic
    return say("whether.said_not", topic=query.where.topic, line=line) if nowhere else line


def _topic_headline(
    shelf: PlanRepository, plans: tuple[OpenPlan, ...], query: Query, found: Found, shown: Sequence[Clause]
) -> str:
    """Return what the best clause of each plan says; that it is only near is told with the topic as it was read."""
    own = ([clause for clause in shown if clause.plan == plan.meta.id] for plan in plans[:_MOST_TOLD])
    best = [_best(group(clauses), query, found) for clauses in own]
    line = said_line(shelf, best, found.words)
    count = len(group(shown))
    line = say("topic.in_all", line=line, count=count) if count > len(best) else line
    if found.exact:
        return line
    topic = _quoted(query.core or query.where.topic, found.words)
    named = topic and len(topic) <= _LONGEST_TOPIC
    return say("topic.nearest", topic=topic, line=line) if named else say("topic.nearest_unnamed", line=line)


def _best(groups: Sequence[list[Clause]], query: Query, found: Found) -> list[Clause]:
    """Return the task of which one sentence holds most of the topic; the first of those that are only near.

    Where it isn't asked how things stand now, what is to be done goes first.
    """
    if query.aspect is not Aspect.STATE:
        groups = [joined for joined in groups if joined[0].units] or groups

    def most(joined: Sequence[Clause]) -> float:
        return max(held(one, found.words) for clause in joined for one in sentences(clause.body))

    return max(groups, key=most) if found.exact else groups[0]


def _quoted(topic: str, words: Mapping[str, float]) -> str:
    """Return a topic for a sentence, single characters left out; nothing where most of it tells nothing (钱从哪来)."""
    pieces = [piece for piece in topic.split() if len(piece) > 1] or topic.split()
    covered = sum(len(word) for word in words if any(word in piece for piece in pieces))
    told = covered >= _MOST_OF_TOPIC * sum(map(len, pieces))
    return say("topic.word_comma").join(pieces) if told else ""


def _degraded(found: Found) -> tuple[str, ...]:
    return (say("topic.degraded", reason=found.degraded),) if found.degraded else ()


def district_choices(plans: tuple[OpenPlan, ...]) -> tuple[Choice, ...]:
    """Offer to look at one district alone where an answer covers several."""
    names = tuple(dict.fromkeys(plan.meta.district for plan in plans))
    if len(names) < 2:
        return ()
    return tuple(Choice(say("choice.only", district=name), say("choice.say_only", district=name)) for name in names)
