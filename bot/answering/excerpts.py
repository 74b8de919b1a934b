"""The line of an entry: the sentence that the question is about, out of the place that says it best."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from bot.answering.passages import best_sentences, held, opening, pieces, sentences, without_mark, without_title
from bot.messages import say
from corpus.model import Clause, ClauseKind
from corpus.notation.numbering import parse_mark

SHORT_LINE = 60
"""Characters of the one line that a list shows of a clause."""
_FIRST_LINE = 44
"""Characters of the part of a sentence that is the first line of an answer."""
_HEAD = 20
"""Characters of what a part of a list opens with, where that is a heading."""
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


def first_words(clauses: Sequence[Clause], words: Mapping[str, float]) -> str:
    """Return what a task says of a topic, short enough for the first line of an answer.

    That is the part of a sentence that holds most of the topic; where only the title does, what the task lists.
    """
    home = max(clauses, key=lambda clause: held(clause.body, words))
    rest = without_title(home.body, clauses[0].title)
    listed = heads(rest)
    line = without_mark(best_sentences(rest, "", words, room=1))
    if listed and held(line, words) < held(clauses[0].title, words):
        return listed
    return _best_part(line, words, _FIRST_LINE).rstrip("。；;") if line else clauses[0].title


def _best_part(sentence: str, words: Mapping[str, float], most: int) -> str:
    """Return a sentence, one longer than ``most`` from the part between commas on that holds most of the words."""
    if len(sentence) <= most:
        return sentence
    parts = re.findall("[^，,]+[，,]?", sentence)
    best = max(range(len(parts)), key=lambda number: held(parts[number], words))
    if sum(map(len, parts[: best + 1])) <= most:
        best = 0
    line = opening("".join(parts[best:]), "", most) or parts[best].rstrip("，,")
    return say("entry.from_middle", text=line) if best else line


def heads(body: str) -> str:
    """Return what the parts of a list open with (一是打造…。二是发展…。), as far as it is short; empty for no list."""
    marked = (mark.rest.rstrip("。；;") for part in pieces(body) if (mark := parse_mark(part)))
    found = [head for head in marked if 0 < len(head) <= _HEAD]
    while sum(map(len, found)) > _FIRST_LINE:
        found.pop()
    return say("topic.beside_comma").join(found) if len(found) > 1 else ""


def unit_parts(clauses: Sequence[Clause], names: Collection[str], subjects: Sequence[str]) -> list[str]:
    """Return the sentences of a task that name a unit, else those that hold a subject of it; none where none does."""
    parts = [part for one in clauses for part in sentences(without_title(one.body, clauses[0].title))]
    told = ([part for part in parts if any(word in part for word in words)] for words in (names, subjects))
    return next((found for found in told if found), [])


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
