"""What does not fit together inside a plan, as the corpus's lint finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ask.answer import Answer, AnswerKind, Section
from bot.ask.declines import decline, districts_name
from bot.ask.entries import citations
from bot.ask.lookups import sources
from bot.ask.question import Question
from bot.ask.shelf import Shelf
from bot.messages import say

if TYPE_CHECKING:
    from corpus.lint import Finding


def contradictions_answer(shelf: Shelf, question: Question) -> Answer:
    """Return every finding of the plans asked about with both of its places; those of a topic, where one is named."""
    from corpus.lint import findings

    plans = shelf.plans_of(question.districts)
    beside = tuple(plan.whole for plan in (plans if shelf.is_wide(()) else shelf.plans))
    found = {
        plan.meta.id: [one for one in findings(plan.whole, beside) if _speaks_of(one, question.topic)] for plan in plans
    }
    total = sum(map(len, found.values()))
    if not total:
        return decline("lint.none", districts=districts_name(shelf, question.districts))
    sections = []
    for plan in plans:
        lines = tuple(_line(number, one) for number, one in enumerate(found[plan.meta.id], start=1))
        if lines:
            sections.append(Section(say("lint.section", district=plan.meta.district, count=len(lines)), lines, ()))
    cited = [
        clause
        for plan in plans for one in found[plan.meta.id] for spot in one.spots if (clause := shelf.clause(spot.clause))
    ]  # fmt: skip
    return Answer(
        AnswerKind.OVERVIEW, True, say("lint.headline", count=total), tuple(sections),
        sources=sources(plans), citations=citations({clause.id: clause for clause in cited}.values()),
    )  # fmt: skip


def _speaks_of(found: Finding, topic: str) -> bool:
    words = topic.split()
    return not words or any(word in found.message or word in spot.quote for word in words for spot in found.spots)


def _line(number: int, found: Finding) -> str:
    spots = "；".join(say("lint.spot", clause=spot.clause, quote=spot.quote) for spot in found.spots)
    return say("lint.line", number=number, message=found.message, spots=spots)
