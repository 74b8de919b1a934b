"""The first line of a list: whose tasks they are, under which conditions, and how many of how many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.answering.tally import tally
from bot.messages import say
from bot.query.due import due_days, dues, last_day
from bot.query.execute import TaskList
from bot.query.plan_repository import PlanRepository
from bot.query.query import Match, Query
from bot.query.tasks import PlanTasks
from corpus.model import Clause
from corpus.notation.dates import find_due, recurring_words


def headline(shelf: PlanRepository, query: Query, found: TaskList) -> str:
    """Return the conditions, then the count of each plan, and the total that a narrowed list was taken from."""
    counts = "；".join(_count(shelf, query, part) for part in found.parts)
    condition = conditions_text(query)
    line = say("tasks.under", condition=condition, counts=counts) if condition else counts
    if query.where.topic:
        line = say("duties.headline_topic", topic=query.where.topic, counts=line)
    return line + say("tasks.of_total", total=found.total) if found.narrowed and query.where.units else line


def conditions_text(query: Query) -> str:
    """Return the conditions of a query but its units, topic and districts."""
    return "、".join(_conditions(query))


def _conditions(query: Query) -> Iterable[str]:
    where = query.where
    if where.match is Match.ONLY:
        yield say("condition.only")
    if where.role:
        yield say(f"condition.{where.role.value}")
    if where.names:
        yield say("condition.names", names="”“".join(where.names))
    if where.before:
        yield _until(query, where.before)
    if where.years:
        yield "、".join(f"{year}年" for year in where.years)
    if where.dated is not None:
        yield say("deadline.stated" if where.dated else "deadline.not_stated")
    for name in ("recurring", "assigned", "differing"):
        value = getattr(where, name)
        if value is not None:
            yield say(f"condition.{name}" if value else f"condition.not_{name}")
    if where.figures is not None:
        yield say("condition.figures" if where.figures else "condition.no_figures")


def _until(query: Query, day: date) -> str:
    """Return a last day in the words it was asked with (2027年6月前), else as that day."""
    said = [due.printed for due in find_due(query.words) if last_day(due) == day]
    return said[0] if said else say("deadline.until", year=day.year, month=day.month, day=day.day)


def _count(shelf: PlanRepository, query: Query, part: PlanTasks) -> str:
    """Return how many clauses of a plan name the units, and how many name them only through a collective."""
    district, units = shelf.name(part.plan), "、".join(part.names)

    if not query.where.units:
        return say("tasks.headline", district=district, tally=tally(part.clauses))
    through = [(name, tally(clauses)) for name, clauses in part.through]
    if not part.clauses and not through:
        stem, mentions = part.mentions
        return say("duties.mentions", district=district, name=stem, count=len(mentions))
    if not part.clauses:
        name, count = through[0]
        return say("duties.of_plan_through", district=district, units=units, name=name, tally=count)
    together = len(part.names) > 1 and query.where.match is not Match.ANY and len(query.where.units) > 1
    line = say(
        "duties.of_plan_joint" if together else "duties.of_plan",
        district=district,
        units=units,
        tally=tally(part.clauses),
    )
    return line + "".join(say("duties.and_through", name=name, tally=count) for name, count in through)


def shown_words(query: Query, clauses: Sequence[Clause]) -> dict[str, float]:
    """Return the words whose sentences a list shows: names, and the times for which it was asked."""
    where = query.where
    words: dict[str, float] = dict.fromkeys(where.names, 1.0)
    if where.recurring:
        words |= dict.fromkeys(recurring_words(), 1.0)
    if where.before or where.dated or where.years:
        words |= dict.fromkeys(_times(query, clauses), 1.0)
    return words


def _times(query: Query, clauses: Sequence[Clause]) -> Iterable[str]:
    where = query.where
    for clause in clauses:
        if where.dated:
            yield from due_days(clause)
        for due in dues(clause):
            in_time = where.before is not None and last_day(due) <= where.before
            if in_time or due.year in where.years:
                yield due.printed
