"""Lists of tasks: what units answer for, what falls due, what names an institution; exhaustive, in the plan's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.answering.answer import Answer, AnswerKind, Choice, Section, source_of
from bot.answering.conditions import headline, shown_words
from bot.answering.entries import EntryMaker, EntryStyle, Figures, citations
from bot.answering.said import said_line, without_said
from bot.answering.tally import joined_note
from bot.messages import say
from bot.query.execute import TaskList
from bot.query.grouping import group
from bot.query.matching import has_figure
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query, Where
from bot.query.tasks import PlanTasks
from corpus.model import Clause


def tasks_answer(shelf: PlanRepository, query: Query, found: TaskList, words: Mapping[str, float]) -> Answer:
    """Return the answer: the counts first, then by plan and in the plan's order every clause.

    ``words`` are those of the topic, with their weights.
    """
    wanted = shown_words(query, found.clauses) | dict(words)
    style = EntryStyle(
        words=wanted,
        room=1 if wanted else 0,
        asked=frozenset(key for term in query.where.units for key in term.keys) | _collective_keys(found.parts),
        units_in_full=query.all_units or not query.where.units,
        figures=Figures.ALL if query.where.figures else Figures.TOPIC,
    )
    maker = EntryMaker(shelf, style)
    sections = tuple(section for part in found.parts for section in _sections(shelf, maker, part))
    if len(sections) == 1:
        sections = (replace(sections[0], heading=""),)  # the headline says it already
    line = headline(shelf, query, found)
    if _names_one_each(query, found):
        line = said_line(shelf, (group(part.clauses)[0] for part in found.parts), wanted)
        sections = tuple(replace(one, entries=without_said(one.entries, line)) for one in sections)
    return Answer(
        kind=_kind(query),
        answered=True,
        headline=line,
        sections=sections,
        sources=tuple(source_of(part.plan.meta) for part in found.parts),
        notes=(
            *((say("duties.with_figures"),) if query.where.figures else ()),
            *(joined_note(found.clauses) if query.count and len(found.parts) == 1 else ()),
        ),
        choices=_choices(query, found.parts),
        citations=citations(_spread(part.all_clauses for part in found.parts)),
    )


def _names_one_each(query: Query, found: TaskList) -> bool:
    """Whether a name is all that is asked, and each plan has one task that prints it: what it says is the answer."""
    where = query.where
    alone = where == Where(districts=where.districts, names=where.names)
    return bool(where.names) and alone and not query.count and all(len(group(p.clauses)) == 1 for p in found.parts)


def _kind(query: Query) -> AnswerKind:
    where = query.where
    if query.count:
        return AnswerKind.COUNT
    if where.units:
        return AnswerKind.DUTIES
    if where.before or where.dated or where.recurring or where.years:
        return AnswerKind.DEADLINE
    return AnswerKind.TOPIC if where.names else AnswerKind.OVERVIEW


def _collective_keys(parts: tuple[PlanTasks, ...]) -> frozenset[str]:
    names = {name for part in parts for name, _ in part.through}
    return frozenset(unit.key for part in parts for unit in part.plan.units if unit.name in names)


def _sections(shelf: PlanRepository, maker: EntryMaker, part: PlanTasks) -> list[Section]:
    district = shelf.name(part.plan)
    sections = []
    if part.clauses:
        sections.append(Section(district, (), maker.entries(part.clauses)))
    for name, clauses in part.through:
        heading = say("duties.through", district=district, name=name)
        sections.append(Section(heading, (), maker.entries(clauses)))
    stem, mentions = part.mentions
    if mentions:
        heading = say("duties.mentioned", district=district, name=stem)
        sections.append(Section(heading, (), maker.entries(mentions)))
    return sections


def _choices(query: Query, parts: tuple[PlanTasks, ...]) -> tuple[Choice, ...]:
    choices = []
    if not query.where.figures and any(has_figure(clause) for part in parts for clause in part.all_clauses):
        choices.append(Choice(say("choice.figures"), say("choice.say_figures")))
    if query.where.units:
        choices.append(Choice(say("choice.picture"), say("choice.say_picture")))
    districts = list(dict.fromkeys(part.plan.meta.district for part in parts)) if len(parts) > 1 else []
    districts = districts if len(districts) > 1 else []
    only = (Choice(say("choice.only", district=one), say("choice.say_only", district=one)) for one in districts)
    return (*choices, *only)


def _spread(lists: Iterable[tuple[Clause, ...]]) -> list[Clause]:
    """Return all clauses, one of each part of each plan first, and last those that repeat another in the annex.

    Whoever reads only some of them sees the breadth.
    """
    lanes: dict[tuple[str, str], list[Clause]] = {}
    repeats: list[Clause] = []
    seen: set[str] = set()
    for clauses in lists:
        for clause in clauses:
            if seen.intersection(clause.counterparts):
                repeats.append(clause)
            else:
                lanes.setdefault((clause.plan, clause.path[0] if clause.path else ""), []).append(clause)
            seen.add(clause.id)
    longest = max(map(len, lanes.values()), default=0)
    return [lane[turn] for turn in range(longest) for lane in lanes.values() if turn < len(lane)] + repeats
