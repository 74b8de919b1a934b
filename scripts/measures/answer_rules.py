"""The rules that an answer keeps to, each held against the plan it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.answering.answer import Answer, Entry
from bot.answering.places import place_name
from bot.render.parts import is_alone
from corpus.model import Plan
from corpus.notation.numbering import parse_mark
from scripts.measures.judging import folded

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_BRACKET = re.compile(r"（([^（）]*)）")
_QUOTED = re.compile(r"(?:与|写到)“([^”]*)”")
_ENOUGH = 0.3
"""Share of a topic's pairs of characters that an entry on it shows."""


def first_line(answer: Answer, wanted: Iterable[str]) -> bool:
    """Whether the first line holds one of what it must."""
    line = folded(answer.headline)
    return any(folded(words) in line for words in wanted)


def units_badly(answer: Answer, plan: Plan) -> Iterator[str]:
    """Yield each place shown whose units are not those that the plan prints there."""
    clauses = {clause.id: clause for clause in plan.clauses}
    for entry in _entries(answer):
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


def whole(answer: Answer, texts: Iterable[str]) -> bool:
    """Whether one of these clauses is shown in full, as it is printed."""
    shown = {quote.text for entry in _entries(answer) if entry.expanded for quote in entry.quotes}
    return bool(shown & set(texts))


def fragments(answer: Answer) -> Iterator[str]:
    """Yield each entry's line that opens with the mark of a list (二是) which does not go on in it."""
    for entry in _entries(answer):
        mark = parse_mark(entry.summary)
        if mark and mark.rest and not any(map(parse_mark, re.split(r"[。；\n]", mark.rest))):
            yield f"opens with {entry.summary[:12]}"


def said_twice(answer: Answer) -> Iterator[str]:
    """Yield what stands twice: a heading that the first line opens with, a line that is its title, a place."""
    headings = [section.heading for section in answer.sections if section.heading]
    if len(headings) == 1 and answer.headline.startswith(headings[0]) and not is_alone(answer):
        yield f"heading {headings[0]}"
    for entry in _entries(answer):
        if entry.summary and entry.summary.rstrip("。；") == entry.title:
            yield f"line is the title: {entry.title}"
    places = [entry.place for entry in _entries(answer)]
    yield from (f"place {place}" for place in set(places) if places.count(place) > 1)


def unproven_quotes(answer: Answer, message: str) -> Iterator[str]:
    """Yield what the first line quotes and was not asked, and a nearest clause where no search answered."""
    for quoted in _QUOTED.findall(answer.headline):
        if any(piece not in message for piece in quoted.split()):
            yield f"quotes {quoted}"
    if "最接近" in answer.headline and answer.confidence is None:
        yield "nearest without a search"


def _entries(answer: Answer) -> Iterator[Entry]:
    return (entry for section in answer.sections for entry in section.entries)


def told_badly(answer: Answer, plan: Plan) -> Iterator[str]:
    """Yield each number, and each time in brackets, that an entry's figures tell and the plan does not print."""
    text = folded("\n".join([plan.meta.title, *(clause.text for clause in plan.clauses)]))
    natures = {row.nature for row in plan.indicators}
    columns = {str(year) for row in plan.indicators for year, _ in row.values}
    for entry in _entries(answer):
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
