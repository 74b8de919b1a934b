"""Clauses that speak of a topic: exactly those whose words match where they do, the nearest ones where they don't.

A topic whose every word stands in a clause's headings (古籍保护) means just such clauses, and no model is asked. Else
words and meaning are searched together, and how sure that is decides between answering and declining.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from bot.ask.cues import is_filler
from bot.ask.datafiles import load
from bot.ask.question import Kind, Question
from bot.ask.shelf import Shelf
from corpus.model import Clause, ClauseKind
from index.filters import Filters
from index.snapshot import SearchResult, Snapshot

_WIDE = 40
_FULL = 0.99
_MOST_EXACT = 8
_NEAR = 5
_EACH = 3
"""Clauses shown of each district where several are covered."""

_WITH_UNITS = (ClauseKind.TASK, ClauseKind.DUTY)
_ALL = (*_WITH_UNITS, ClauseKind.TEXT, ClauseKind.INDICATOR, ClauseKind.STATUS)


@dataclass(frozen=True, slots=True)
class Found:
    """Clauses for a topic, best first."""

    clauses: tuple[Clause, ...]
    words: tuple[str, ...]
    """Words to look for in the sentences shown."""
    exact: bool
    confidence: float
    degraded: str = ""
    why: str = ""


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    return {word: tuple(others) for word, others in load("synonyms")["words"].items()}


def expansions(text: str) -> tuple[str, ...]:
    """Return the plan words that a message's words stand for."""
    return tuple(dict.fromkeys(other for word, others in _synonyms().items() if word in text for other in others))


class Retrieval:
    """Finds clauses for a question over one snapshot."""

    def __init__(self, shelf: Shelf, snapshot: Snapshot) -> None:
        self._shelf = shelf
        self._snapshot = snapshot

    def words(self, topic: str) -> dict[str, float]:
        """Return the topic's words with their weights, words of asking left out."""
        return {word: weight for word, weight in self._snapshot.words(topic).items() if not is_filler(word)}

    def exact(self, question: Question) -> Found | None:
        """Return the clauses whose headings, or else whose text, hold every word of the topic; None without any."""
        words = self.words(question.topic)
        if not words or question.context:
            return None
        kinds = _WITH_UNITS if question.kind is Kind.WHO else _ALL
        filters = Filters(districts=question.districts, kinds=kinds)
        hits = [hit.clause for hit in self._snapshot.lexical_search(question.topic, filters, limit=_WIDE).hits]
        for part in (_headings, _all_text):
            full = [clause for clause in hits if _coverage(words, part(clause)) >= _FULL]
            if full:
                chosen = self._complete(full, words)
                if len(chosen) <= _MOST_EXACT:
                    return Found(tuple(chosen), tuple(words), exact=True, confidence=1.0, why="exact")
                return None
        return None

    def _complete(self, clauses: list[Clause], words: dict[str, float]) -> list[Clause]:
        """Add the counterparts that hold every word too, each behind the clause it belongs to."""
        chosen: dict[Clause, None] = {}
        for clause in clauses:
            others = [one for one in self._shelf.counterparts(clause) if _coverage(words, _all_text(one)) >= _FULL]
            chosen.update(dict.fromkeys((clause, *others)))
        return list(chosen)

    def near(self, question: Question) -> Found:
        """Return the clauses nearest to the question by words and meaning."""
        query = f"{question.context} {question.text}".strip()
        result = self._search(query, question)
        words = (*self.words(f"{question.context} {question.topic}"), *expansions(query))
        clauses = self._spread([hit.clause for hit in result.hits], question.districts)
        return Found(tuple(clauses), words, False, result.confidence.score, result.degraded, "near")

    def _search(self, query: str, question: Question) -> SearchResult:
        filters = Filters(districts=question.districts, kinds=_ALL)
        return self._snapshot.search(query, filters, limit=_WIDE, expansions=expansions(query))

    def _spread(self, clauses: Sequence[Clause], districts: Iterable[str]) -> list[Clause]:
        """Take the best of each district in turn, so that none is crowded out."""
        wanted = tuple(districts) or self._shelf.districts
        if len(wanted) == 1:
            return list(clauses[:_NEAR])
        lanes = [[clause for clause in clauses if clause.district == district][:_EACH] for district in wanted]
        return [lane[turn] for turn in range(_EACH) for lane in lanes if turn < len(lane)]

    def among(self, question: Question, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """Return those of ``clauses`` that speak of the question's topic, in their order."""
        words = self.words(question.topic)
        if not words:
            return tuple(clauses)
        wider = expansions(question.topic)
        covers = {clause: _coverage(words, _all_text(clause)) for clause in clauses}
        best = max(covers.values(), default=0.0)
        if best >= 0.5:
            return tuple(clause for clause in clauses if covers[clause] >= min(best, _FULL))
        found = tuple(clause for clause in clauses if any(word in _all_text(clause) for word in wider))
        return found or self._near_among(question, clauses)

    def _near_among(self, question: Question, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        near = self.near(question).clauses
        return tuple(clause for clause in clauses if clause in near)


def _headings(clause: Clause) -> str:
    return "\n".join((*clause.path, clause.title)).casefold()


def _all_text(clause: Clause) -> str:
    return "\n".join((*clause.path, clause.body)).casefold()


def _coverage(words: dict[str, float], text: str) -> float:
    total = sum(words.values())
    return sum(weight for word, weight in words.items() if word.casefold() in text) / total if total else 0.0
