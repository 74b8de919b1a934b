"""Answers read straight off the plans: a clause by its number, a date, the lists of plans, units and indicators."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bot.ask.answer import Answer, AnswerKind, Choice, Section, Source
from bot.ask.datafiles import load
from bot.ask.declines import decline, districts_name
from bot.ask.entries import EntryMaker, Style, citations, place_name
from bot.ask.figures import indicator_figure, indicator_series
from bot.ask.question import ClauseRef, Question
from bot.ask.shelf import Shelf
from bot.ask.text import numeral
from bot.messages import say
from corpus.dates import Due, find_due
from corpus.model import Clause, ClauseKind, Place
from index.catalogue import OpenPlan

_MOST_PLANS = 30
"""Plans listed; of more, a district's are listed when it is named."""
_NUMBER = re.compile(r"[0-9]+|[一二三四五六七八九十]+")


def sources(plans: Iterable[OpenPlan]) -> tuple[Source, ...]:
    """Return the last line of an answer: the plans it stands on."""
    return tuple(Source(plan.meta.title, plan.meta.issued) for plan in plans)


def _numbers(clause: Clause) -> tuple[int, ...]:
    return tuple(value for part in _NUMBER.findall(clause.number) if (value := numeral(part)) is not None)


def find_clauses(shelf: Shelf, question: Question, ref: ClauseRef) -> tuple[Clause, ...]:
    """Return the clauses with a number, the body's before the annex's; those below it where it is a heading."""
    wanted = tuple(int(part) for part in ref.dotted.split(".")) if ref.dotted else ref.parts
    pool = [
        clause for plan in shelf.plans_of(question.districts) for clause in plan.clauses
        if clause.place is not Place.FRONT and clause.kind in (ClauseKind.TASK, ClauseKind.DUTY, ClauseKind.TEXT)
        and ("." in clause.number if ref.dotted else clause.place.value in (ref.place or clause.place.value))
    ]  # fmt: skip
    exact = [clause for clause in pool if _numbers(clause) == wanted]
    below = [clause for clause in pool if _numbers(clause)[: len(wanted)] == wanted and clause not in exact]
    found = exact + ([] if exact and ref.dotted else below)
    ranks = {
        clause.id: (clause.place is Place.ANNEX and "." in clause.number, number) for number, clause in enumerate(found)
    }
    return tuple(sorted(found, key=lambda clause: ranks[clause.id]))


def clause_answer(shelf: Shelf, clauses: tuple[Clause, ...]) -> Answer:
    """Return one clause in full, or the clauses under a heading as a list."""
    maker = EntryMaker(shelf, Style(units_in_full=True, expanded=len(clauses) <= 2))
    plans = shelf.plans_with(clauses)
    sections = []
    for plan in plans:
        for place in Place:
            own = [clause for clause in clauses if clause.plan == plan.meta.id and clause.place is place]
            if own:
                heading = say(f"clause.{place.value}", district=plan.meta.district)
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


def _due_day(due: Due) -> date:
    return due.deadline or date(due.year, 12, 31)


def due_by(clause: Clause, limit: date) -> bool:
    """Whether a clause states a time no later than ``limit``."""
    return any(_due_day(due) <= limit for due in find_due(clause.body))


def deadline_answer(shelf: Shelf, question: Question) -> Answer | None:
    """Return the tasks with a stated time no later than the one asked for; None when there is none.

    Without a time in the question: every task that states a day more exact than a year.
    """
    limit = question.before
    chosen = [
        clause for plan in shelf.plans_of(question.districts) for clause in plan.tasks
        if (due_by(clause, limit) if limit else any(due.deadline for due in find_due(clause.body)))
    ]  # fmt: skip
    if not chosen:
        return None
    plans = shelf.plans_with(chosen)
    maker = EntryMaker(shelf, Style(words=dict.fromkeys(_dues(chosen, limit), 1.0), sentences=1, units_in_full=True))
    sections = tuple(
        Section(plan.meta.district, (), maker.entries([clause for clause in chosen if clause.plan == plan.meta.id]))
        for plan in plans
    )
    when = say("deadline.until", day=f"{limit.year}年{limit.month}月{limit.day}日") if limit else say("deadline.stated")
    headline = say("deadline.headline", when=when, count=len(chosen))
    return Answer(AnswerKind.DEADLINE, True, headline, sections, sources=sources(plans), citations=citations(chosen))


def recurring_answer(shelf: Shelf, question: Question) -> Answer:
    """Return the tasks that say they come round again (每年), with the sentences that say so."""
    words = tuple(load("intents")["recurring"]["words"])
    plans = shelf.plans_of(question.districts)
    chosen = [clause for plan in plans for clause in plan.tasks if any(word in clause.body for word in words)]
    if not chosen:
        return decline("decline.recurring", districts=districts_name(shelf, question.districts))
    maker = EntryMaker(shelf, Style(words=dict.fromkeys(words, 1.0), sentences=1, units_in_full=True))
    sections = [
        Section(plan.meta.district, (), maker.entries(own))
        for plan in plans if (own := [clause for clause in chosen if clause.plan == plan.meta.id])
    ]  # fmt: skip
    headline = say("deadline.recurring", count=len(chosen))
    return Answer(
        AnswerKind.DEADLINE, True, headline, tuple(sections), sources=sources(plans), citations=citations(chosen)
    )


def _dues(clauses: list[Clause], limit: date | None) -> tuple[str, ...]:
    """Return the stated times themselves, so that the sentences that hold them are shown."""
    dues = [due for clause in clauses for due in find_due(clause.body)]
    fits = [due for due in dues if (_due_day(due) <= limit if limit else due.deadline)]
    return tuple(dict.fromkeys(due.printed for due in fits))


def count_answer(shelf: Shelf, question: Question) -> Answer:
    """Return how many tasks each plan has."""
    plans = shelf.plans_of(question.districts)
    parts = []
    for plan in plans:
        body = sum(clause.place is Place.BODY for clause in plan.tasks)
        annex = len(plan.tasks) - body
        key = "count.both" if body and annex else "count.one"
        parts.append(say(key, district=plan.meta.district, body=body, annex=annex, count=body + annex))
    return Answer(AnswerKind.COUNT, True, "；".join(parts), sources=sources(plans))


def meta_answer(shelf: Shelf, question: Question) -> Answer:
    """Return when a plan was issued, by whom, its title or its period, citing the lines that say so."""
    plans = shelf.plans_of(question.districts)
    lines, cited = [], []
    for plan in plans:
        value = _meta_value(plan, question.field)
        lines.append(say(f"meta.{question.field}", district=plan.meta.district, title=plan.meta.title, value=value))
        front = [clause for clause in plan.clauses if clause.place is Place.FRONT]
        cited += [clause for clause in front if value and value in clause.text][:2]
    return Answer(
        AnswerKind.FACT, True, lines[0] if len(lines) == 1 else say("meta.headline", count=len(lines)),
        (Section("", tuple(lines), ()),) if len(lines) > 1 else (), sources=sources(plans), citations=citations(cited),
    )  # fmt: skip


def _meta_value(plan: OpenPlan, field: str) -> str:
    meta = plan.meta
    if field == "issued":
        return f"{meta.issued.year}年{meta.issued.month}月{meta.issued.day}日" if meta.issued else ""
    if field == "period":
        return f"{meta.start}—{meta.end}年" if meta.start and meta.end else ""
    return meta.issuer if field == "issuer" else meta.title


def plans_answer(shelf: Shelf, question: Question) -> Answer:
    """Return the list of plans; those of the districts that the question names, where it names some."""
    ids = shelf.catalogue.plan_ids(question.districts if question.named_districts else ())
    lines = tuple(
        say("plans.line", district=plan.meta.district, title=plan.meta.title,
            issued=plan.meta.issued.isoformat() if plan.meta.issued else "", tasks=len(plan.tasks),
            units=len(plan.units), indicators=len(plan.indicators))
        for plan in map(shelf.plan, ids[:_MOST_PLANS])
    )  # fmt: skip
    if len(ids) > _MOST_PLANS:
        lines = (*lines, say("wide.plans", count=len(ids)))
    return Answer(AnswerKind.OVERVIEW, True, say("plans.headline", count=len(ids)), (Section("", lines, ()),))


def tasks_answer(shelf: Shelf, question: Question) -> Answer:
    """Return every task, what the body and the annex say of one as one entry."""
    plans = shelf.plans_of(question.districts)
    maker = EntryMaker(shelf, Style())
    sections = tuple(
        Section(say("tasks.section", title=plan.meta.title, count=len(plan.tasks)), (), maker.entries(plan.tasks))
        for plan in plans
    )
    headline = "；".join(say("tasks.headline", district=plan.meta.district, count=len(plan.tasks)) for plan in plans)
    cited = [clause for plan in plans for clause in plan.tasks]
    return Answer(AnswerKind.OVERVIEW, True, headline, sections, sources=sources(plans), citations=citations(cited))


def units_answer(shelf: Shelf, question: Question) -> Answer:
    """Return every responsible unit with the number of clauses that name it."""
    plans = shelf.plans_of(question.districts)
    sections = []
    for plan in plans:
        units = "、".join(f"{unit.name}（{len(plan.naming(unit.key))}）" for unit in plan.units)
        sections.append(Section(say("units.section", district=plan.meta.district, count=len(plan.units)), (units,), ()))
    headline = "；".join(say("units.headline", district=plan.meta.district, count=len(plan.units)) for plan in plans)
    return Answer(AnswerKind.OVERVIEW, True, headline, tuple(sections), sources=sources(plans))


def indicators_answer(shelf: Shelf, question: Question) -> Answer:
    """Return the rows of the indicator tables."""
    plans = tuple(plan for plan in shelf.plans_of(question.districts) if plan.indicators)
    sections = []
    for plan in plans:
        figures = [(row.number, indicator_figure(row)) for row in plan.indicators]
        lines = tuple(f"{number}. {figure.name}：{figure.text}" for number, figure in figures)
        heading = say("indicators.section", district=plan.meta.district, count=len(lines))
        sections.append(Section(heading, lines, (), tuple(indicator_series(row) for row in plan.indicators)))
    cited = shelf.find([row.id for plan in plans for row in plan.indicators])
    headline = "；".join(
        say("indicators.headline", district=plan.meta.district, count=len(plan.indicators)) for plan in plans
    )
    return Answer(
        AnswerKind.OVERVIEW, True, headline, tuple(sections), sources=sources(plans), citations=citations(cited),
        choices=(Choice(say("choice.picture"), say("choice.say_picture")),) if sections else (),
    )  # fmt: skip


def help_answer(shelf: Shelf) -> Answer:
    """Return two lines and three questions to tap."""
    examples = tuple(Choice(say(f"help.example_{number}"), say(f"help.example_{number}")) for number in (1, 2, 3))
    districts = districts_name(shelf, ())
    return Answer(
        AnswerKind.HELP, True, say("help.hello", districts=districts), notes=(say("help.how"),), choices=examples
    )
