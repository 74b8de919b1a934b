"""What a plan as a whole sets out to reach in a year: paragraphs with figures that name no unit, before the tasks."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.answer import Answer, AnswerKind, Section, source_of
from bot.answering.entries import EntryMaker, EntryStyle, Figures, citations
from bot.messages import say
from bot.query.due import years_due
from bot.query.matching import has_figure
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query, Where
from corpus.model import Clause, ClauseKind

_ROOM = 400
"""Characters of the sentences shown of each."""


def aims_of(shelf: PlanRepository, query: Query) -> tuple[Clause, ...]:
    """Return the paragraphs without units that set figures for the years asked for, where nothing else is asked for."""
    where = query.where
    bare = Where(where.districts, years=where.years, figures=True)
    if not where.years or where != bare:
        return ()
    wanted = frozenset(where.years)
    return tuple(
        clause
        for plan in shelf.plans_of(where.districts)
        for clause in plan.clauses
        if clause.kind is ClauseKind.TEXT and has_figure(clause) and years_due(clause) & wanted
    )


def with_aims(shelf: PlanRepository, query: Query, aims: tuple[Clause, ...], answer: Answer | None) -> Answer:
    """Return the answer with the aims before its tasks; they alone are the answer where there is none."""
    words = {f"{year}年": 1.0 for year in query.where.years}
    maker = EntryMaker(shelf, EntryStyle(words, room=_ROOM, figures=Figures.NONE))
    plans = shelf.plans_with(aims)
    names = "、".join(map(shelf.name, plans))
    years = "、".join(words)
    sections = tuple(
        Section(
            say("aims.of", name=shelf.name(plan)), (), maker.entries([one for one in aims if one.plan == plan.meta.id])
        )
        for plan in plans
    )
    if answer is None or not answer.answered:
        line = say("aims.headline", years=years, name=names, count=len(aims))
        sources = tuple(source_of(plan.meta) for plan in plans)
        return Answer(AnswerKind.TARGET, True, line, sections, sources=sources, citations=citations(aims))
    return replace(
        answer,
        headline=say("aims.beside", line=answer.headline, count=len(aims)),
        sections=(
            *sections,
            *(_counted_on(one, sum(len(each.entries) for each in sections)) for one in answer.sections),
        ),
        citations=(*citations(aims), *answer.citations),
    )


def _counted_on(section: Section, above: int) -> Section:
    """Return a section whose entries go on counting behind those above."""
    return replace(section, entries=tuple(replace(one, number=one.number + above) for one in section.entries))
