"""What the plans say of a topic, as the first line of an answer: the words themselves before any count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.answering.answer import Entry
from bot.answering.excerpts import first_words
from bot.answering.figures import indicator_figure
from bot.answering.places import place_name
from bot.messages import say
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, ClauseKind


def said_line(shelf: PlanRepository, tasks: Iterable[Sequence[Clause]], words: Mapping[str, float]) -> str:
    """Return what each task says of the words, with its district and its places."""
    told = []
    for clauses in tasks:
        places = say("entry.place_comma").join(map(place_name, clauses))
        line = say("topic.said", text=_words_of(shelf, clauses, words), places=places)
        told.append(say("topic.of_district", district=shelf.name(shelf.plan(clauses[0].plan)), told=line))
    return say("topic.who_comma").join(told)


def _words_of(shelf: PlanRepository, clauses: Sequence[Clause], words: Mapping[str, float]) -> str:
    if clauses[0].kind is not ClauseKind.INDICATOR:
        return first_words(clauses, words)
    figure = indicator_figure(shelf.indicator(clauses[0]))
    return say("render.figure", name=figure.name, text=figure.text)


def without_said(entries: tuple[Entry, ...], line: str) -> tuple[Entry, ...]:
    """Return the entries, a line left out that the first line of the answer says already."""
    return tuple(_without(entry) if _stands_in(entry.summary, line) else entry for entry in entries)


def _stands_in(summary: str, line: str) -> bool:
    said = summary.rstrip("。；;")
    return bool(said) and said in line


def _without(entry: Entry) -> Entry:
    return replace(entry, summary="", figures=tuple(figure for figure in entry.figures if not figure.in_line))
