"""The rules that an answer keeps to, each held against the plan it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.answering.answer import Answer, Entry
from bot.answering.places import place_name
from corpus.model import Plan
from scripts.measures.judging import folded

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_BRACKET = re.compile(r"（([^（）]*)）")
_ENOUGH = 0.3
"""Share of a topic's pairs of characters that an entry on it shows."""


def first_line(answer: Answer, wanted: Iterable[str]) -> bool:
    """Whether the first line holds one of what it must."""
    line = folded(answer.headline)
    return any(folded(words) in line for words in wanted)


def units_badly(answer: Answer, plan: Plan) -> Iterator[str]:
    """Yield each place shown whose units are not those that the plan prints there."""
    clauses = {clause.id: clause for clause in plan.clauses}
    for entry in (entry for section in answer.sections for entry in section.entries):
        for quote in entry.quotes:
            clause = clauses.get(quote.clause_id)
            if clause is None:
                yield f"{quote.clause_id} is of another plan"
                continue
            printed = {ref.printed for ref in clause.units}
            place = place_name(clause)
            shown = {
                unit for party in entry.by_place if party.place == "" or place in party.place.split(" · ")
                for unit in party.units
            }  # fmt: skip
            if shown != printed:
                yield f"units of {quote.clause_id}: {sorted(shown ^ printed)}"


def told_badly(answer: Answer, plan: Plan) -> Iterator[str]:
    """Yield each number, and each time in brackets, that an entry's figures tell and the plan does not print."""
    text = folded("\n".join([plan.meta.title, *(clause.text for clause in plan.clauses)]))
    natures = {row.nature for row in plan.indicators}
    columns = {str(year) for row in plan.indicators for year, _ in row.values}
    for entry in (entry for section in answer.sections for entry in section.entries):
        for figure in entry.figures:
            for words in _BRACKET.findall(figure.text):
                if folded(words) not in text and words not in natures:
                    yield f"not in the plan: {words}"
            for number in _NUMBER.findall(figure.text):
                if number not in text and number not in columns:
                    yield f"not in the plan: {number}"


def topic_shown(entry: Entry, topic: str) -> bool:
    """Whether what an entry shows holds the topic it was found for."""
    shown = folded(entry.title + entry.summary + "".join(figure.name for figure in entry.figures))
    wanted = folded(topic)
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
    return sum(pair in shown for pair in pairs) >= _ENOUGH * len(pairs)
