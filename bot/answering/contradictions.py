"""What does not fit together inside a plan, as the corpus's lint finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.answer import Answer, AnswerKind, Section
from bot.answering.declines import decline, districts_name
from bot.answering.entries import citations
from bot.answering.lists import sources
from bot.messages import say
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query

if TYPE_CHECKING:
    from corpus.lint import LintFinding


def contradictions_answer(shelf: PlanRepository, query: Query) -> Answer:
    """Return every finding of the plans asked about with both of its places; those of a topic, where one is named."""
    from corpus.lint import findings

    plans = shelf.plans_of(query.where.districts)
    beside = tuple(plan.whole for plan in (plans if shelf.is_wide(()) else shelf.plans))
    found = {
        plan.meta.id: [one for one in findings(plan.whole, beside) if _speaks_of(one, query.where.topic)]
        for plan in plans
    }
    total = sum(map(len, found.values()))
    if not total:
        return decline("lint.none", districts=districts_name(shelf, query.where.districts))
    sections = []
    for plan in plans:
        lines = tuple(_line(number, one) for number, one in enumerate(found[plan.meta.id], start=1))
        if lines:
            sections.append(Section(say("lint.section", district=shelf.name(plan), count=len(lines)), lines, ()))
    cited = [
        clause
        for plan in plans for one in found[plan.meta.id] for spot in one.spots if (clause := shelf.clause(spot.clause))
    ]  # fmt: skip
    return Answer(
        AnswerKind.OVERVIEW, True, say("lint.headline", count=total), tuple(sections),
        sources=sources(plans), citations=citations({clause.id: clause for clause in cited}.values()),
    )  # fmt: skip


def _speaks_of(found: LintFinding, topic: str) -> bool:
    words = topic.split()
    return not words or any(word in found.message or word in spot.quote for word in words for spot in found.spots)


def _line(number: int, found: LintFinding) -> str:
    spots = "；".join(say("lint.spot", clause=spot.clause, quote=spot.quote) for spot in found.spots)
    return say("lint.line", number=number, message=found.message, spots=spots)
