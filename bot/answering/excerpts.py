"""The line of an entry: the sentence that the question is about, out of the place that says it best."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.answering.passages import best_sentences, held, opening, sentences, without_mark, without_title
from bot.messages import say
from corpus.model import Clause, ClauseKind

SHORT_LINE = 60
"""Characters of the one line that a list shows of a clause."""
_LONG = 70
"""Characters of the part that is shown of a sentence more than twice as long."""
_WHOLE = 80
"""A clause up to this long is shown whole where its sentences are asked for."""


def topic_line(clauses: Sequence[Clause], words: Mapping[str, float], room: int) -> str:
    """Return the sentences that hold most of a topic, as many as have room, from the place that holds most of it."""
    home = max(clauses, key=lambda clause: held(clause.body, words))  # the first of those that hold the same
    if home.kind is ClauseKind.STATUS:
        return home.body.strip()
    rest = without_title(home.body, home.title)
    if len(rest) <= max(room, _WHOLE):
        return without_mark(rest or home.body)
    line = best_sentences(home.body, home.title, words, room)
    wanted = [word for word in words if word in line]
    return without_mark(_around(line, wanted, _LONG) if wanted and len(line) > max(room, _LONG * 2) else line)


def unit_line(clauses: Sequence[Clause], names: Collection[str], subjects: Sequence[str]) -> str:
    """Return the sentence that a unit's part of a task is about.

    That is one which names the unit, or else holds a subject of it; else the opening of the place that names fewest
    units, since a row of its own tells better what a unit does than the clause that sums up many.
    """
    parts = [part for one in clauses for part in sentences(without_title(one.body, clauses[0].title))]
    for told in (names, subjects):
        scored = [(sum(word in part for word in told), part) for part in parts]
        score, best = max(scored, key=lambda one: one[0], default=(0, ""))
        if score:
            return without_mark(_around(best, told))
    narrow = min(clauses, key=lambda clause: len(clause.units) or len(clauses))
    return without_mark(opening(narrow.body, clauses[0].title, SHORT_LINE))


def _around(sentence: str, words: Collection[str], most: int = SHORT_LINE) -> str:
    """Return a sentence, one much longer than ``most`` from the part on that holds a word, cut between its parts."""
    if len(sentence) <= most:
        return sentence
    at = min(found for word in words if (found := sentence.find(word)) >= 0)
    start = max(sentence.rfind(comma, 0, at) for comma in "，,") + 1
    if len(sentence[:start]) + most > len(sentence):
        start = 0 if len(sentence) <= most * 2 else start
    line = opening(sentence[start:], "", most) or sentence[start:]
    return say("entry.from_middle", text=line) if start else line
