"""Answers read straight off the plans: a clause by its number, a date, the lists of plans, units and indicators."""

from __future__ import annotations

from collections.abc import Iterable

from bot.answering.addressed import AddressKind, Named, Ref, unit_ref
from bot.answering.answer import Answer, AnswerKind, Choice, Section, Source, source_of
from bot.answering.declines import decline, districts_name
from bot.answering.entries import EntryMaker, EntryStyle, citations
from bot.answering.examples import examples
from bot.answering.figures import indicator_figure, indicator_series
from bot.answering.places import place_name
from bot.messages import say
from bot.query.claims import is_proven
from bot.query.execute import ranking, task_count
from bot.query.facts import fact_of
from bot.query.grouping import group
from bot.query.plan_repository import PlanRepository
from bot.query.query import Fact, Order, Query
from corpus.model import Clause, Place, PlanMeta
from index.catalogue import OpenPlan

_MOST_RANKED = 10
_MOST_PLANS = 30
"""Plans listed; of more, a district's are listed when it is named."""


def sources(plans: Iterable[OpenPlan]) -> tuple[Source, ...]:
    """Return the last line of an answer: the plans it stands on."""
    return tuple(source_of(plan.meta) for plan in plans)


def unit_names(plan: OpenPlan) -> tuple[Named, ...]:
    """Return the names of a plan's units, each with its address."""
    return tuple(Named(unit.name, unit_ref(plan.meta, unit.name)) for unit in plan.units)


def clause_answer(shelf: PlanRepository, clauses: tuple[Clause, ...]) -> Answer:
    """Return one clause in full, or the clauses under a heading as a list."""
    maker = EntryMaker(shelf, EntryStyle(units_in_full=True, expanded=len(clauses) <= 2))
    plans = shelf.plans_with(clauses)
    sections = []
    for plan in plans:
        for place in Place:
            own = [clause for clause in clauses if clause.plan == plan.meta.id and clause.place is place]
            if own:
                heading = say(f"clause.{place.value}", district=shelf.name(plan))
                sections.append(
                    Section(heading, (), tuple(entry for clause in own for entry in maker.entries([clause])))
                )
    first = clauses[0]
    short = shelf.short(shelf.plan(first.plan))
    headline = say("clause.headline", place=f"{short} {place_name(first)}", title=first.title)
    found = [*clauses, *(other for other in shelf.counterparts(first) if other not in clauses)]
    return Answer(
        AnswerKind.CLAUSE, True, headline, tuple(sections), sources=sources(plans), citations=citations(found)
    )


def count_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return how many tasks each plan has."""
    plans = shelf.plans_of(query.where.districts)
    parts = (say("count.one", district=shelf.name(plan), count=len(group(plan.tasks))) for plan in plans)
    return Answer(AnswerKind.COUNT, True, "；".join(parts), sources=sources(plans))


def meta_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return when a plan was issued, by whom, its title or its period, citing the lines that say so."""
    plans = shelf.plans_of(query.where.districts)
    lines, cited = [], []
    fact = query.fact or Fact.TITLE
    if is_proven(shelf, query, "decline.fact"):
        looked = districts_name(shelf, query.where.districts)
        return decline("decline.fact", districts=looked, fact=say(f"facts.{fact.value}"))
    for plan in plans:
        value = fact_of(plan, fact)
        if not value:
            continue
        lines.append(say(f"meta.{fact.value}", district=shelf.name(plan), title=plan.meta.title, value=value))
        front = [clause for clause in plan.clauses if clause.place is Place.FRONT]
        cited += [clause for clause in front if value and value in clause.text][:2]
    return Answer(
        AnswerKind.FACT, True, lines[0] if len(lines) == 1 else say("meta.headline", count=len(lines)),
        (Section("", tuple(lines), ()),) if len(lines) > 1 else (), sources=sources(plans), citations=citations(cited),
    )  # fmt: skip


def _issued(meta: PlanMeta) -> str:
    return say("plans.issued", day=meta.issued.isoformat()) if meta.issued else say("plans.undated")


def plans_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return the list of plans; those of the districts that the question names, where it names some."""
    ids = shelf.catalogue.plan_ids(query.where.districts)
    plans = [shelf.plan(one) for one in ids[:_MOST_PLANS]]
    lines = tuple(
        say("plans.line", district=shelf.name(plan), title=plan.meta.title,
            issued=_issued(plan.meta), tasks=len(group(plan.tasks)),
            units=len(plan.units), indicators=len(plan.indicators))
        for plan in plans
    )  # fmt: skip
    if len(ids) > _MOST_PLANS:
        lines = (*lines, say("wide.plans", count=len(ids)))
    names = tuple(Named(plan.meta.title, Ref(AddressKind.PLAN, plan.meta.id)) for plan in plans)
    section = Section("", lines, (), names=names)
    return Answer(AnswerKind.OVERVIEW, True, say("plans.headline", count=len(ids)), (section,))


def units_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return every responsible unit with the number of its tasks, as its own list counts them."""
    plans = shelf.plans_of(query.where.districts)
    sections = []
    for plan in plans:
        units = "、".join(f"{unit.name}（{task_count(plan, unit)}）" for unit in plan.units)
        heading = say("units.section", district=shelf.name(plan), count=len(plan.units))
        sections.append(Section(heading, (units,), (), names=unit_names(plan)))
    headline = "；".join(say("units.headline", district=shelf.name(plan), count=len(plan.units)) for plan in plans)
    return Answer(AnswerKind.OVERVIEW, True, headline, tuple(sections), sources=sources(plans))


def rank_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return the units by the number of their tasks, the first of them in the first line."""
    plans = ranking(shelf, query)
    lines, sections = [], []
    for ranked in plans:
        first = ranked[0]
        district = shelf.name(first.plan)
        leaders = "、".join(one.unit.name for one in ranked if one.tasks == first.tasks)
        key = "rank.fewest" if query.order is Order.FEWEST else "rank.most"
        lines.append(say(key, district=district, unit=leaders, count=first.tasks))
        rows = (say("rank.line", unit=one.unit.name, count=one.tasks) for one in ranked[:_MOST_RANKED])
        sections.append(Section(district, tuple(rows), (), names=unit_names(first.plan)))
    found = [ranked[0].plan for ranked in plans]
    return Answer(AnswerKind.COUNT, True, "；".join(lines), tuple(sections), sources=sources(found))


def indicators_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return the rows of the indicator tables."""
    plans = tuple(plan for plan in shelf.plans_of(query.where.districts) if plan.indicators)
    sections = []
    for plan in plans:
        figures = [(row.number, indicator_figure(row)) for row in plan.indicators]
        lines = tuple(f"{number}. {figure.name}：{figure.text}" for number, figure in figures)
        heading = say("indicators.section", district=shelf.name(plan), count=len(lines))
        sections.append(Section(heading, lines, (), tuple(indicator_series(row) for row in plan.indicators)))
    cited = shelf.find([row.id for plan in plans for row in plan.indicators])
    headline = "；".join(
        say("indicators.headline", district=shelf.name(plan), count=len(plan.indicators)) for plan in plans
    )
    return Answer(
        AnswerKind.OVERVIEW, True, headline, tuple(sections), sources=sources(plans), citations=citations(cited),
        choices=(Choice(say("choice.picture"), say("choice.say_picture")),) if sections else (),
    )  # fmt: skip


def help_answer(shelf: PlanRepository) -> Answer:
    """Return two lines and three questions to tap."""
    districts = districts_name(shelf, ())
    return Answer(
        AnswerKind.HELP, True, say("help.hello", districts=districts), notes=(say("help.how"),), choices=examples(shelf)
    )
