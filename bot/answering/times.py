"""By when, in the plan's own words: the time that a clause prints beside what is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.answering.passages import held
from bot.answering.places import place_name
from bot.messages import say
from bot.query.grouping import group
from corpus.model import Clause
from corpus.notation.dates import find_due, find_times

_SENTENCE = re.compile(r"[^。；;\n]+")
_PART = re.compile(r"(?:[^，,：:]|[:：](?=[0-9]))+")
_MOST = 3
"""Places whose times a first line gives."""


def times_line(clauses: Sequence[Clause], words: Mapping[str, float]) -> str:
    """Return the times that the clauses print for what the words say, each with its places; empty without any."""
    told: dict[str, list[str]] = {}
    for joined in group(clauses):
        for clause in joined:
            if when := time_of(clause, words):
                told.setdefault(when, []).append(place_name(clause))
    comma = say("entry.place_comma")
    lines = [say("topic.when", when=when, place=comma.join(places)) for when, places in told.items()]
    return say("topic.who_comma").join(lines[:_MOST])


def time_of(clause: Clause, words: Mapping[str, float]) -> str:
    """Return by when something falls due beside the words, else under the label, else any time beside the words."""
    parts = list(_near_words(clause, words))
    due = [one.printed for part in parts[:1] for one in find_due(part)]
    if due or clause.deadline:
        return _joined((*due, *filter(None, (clause.deadline,))))
    return next((_joined(one.printed for one in found) for part in parts if (found := find_times(part))), "")


def _near_words(clause: Clause, words: Mapping[str, float]) -> Iterator[str]:
    """Yield the parts of the sentences that hold a word: the one that holds most, those before it, those behind it."""
    sentences = [one for one in _SENTENCE.findall(clause.text) if held(one, words)]
    for sentence in sorted(sentences, key=lambda one: -held(one, words)):
        parts = _PART.findall(sentence)
        at = max(range(len(parts)), key=lambda number: held(parts[number], words))
        yield from (parts[at], *reversed(parts[:at]), *parts[at + 1 :])


def _joined(times: Iterable[str]) -> str:
    return say("topic.when_comma").join(dict.fromkeys(times))
