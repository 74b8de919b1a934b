"""Clauses that speak of a topic: exactly those whose words match where they do, the nearest ones where they don't.

A topic whose every word stands in a clause's headings (古籍保护) means just such clauses, and no model is asked. Else
words and meaning are searched together, and how sure that is decides between answering and declining.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import ceil

from bot.query.plan_repository import PlanRepository
from bot.query.query import Aspect, GroupBy, Query, Select, Where
from corpus.model import Clause, ClauseKind, Place
from index.filters import Filters
from index.snapshot import Snapshot

SURE_ENOUGH = 0.22
"""Confidence from which a retrieved answer is given; docs/retrieval.md says how it was found."""
_WIDE = 40
_FULL = 0.99
_MOST_EXACT = 8
_NEAR = 5
_EACH = 3
"""Clauses shown of each district where several are covered."""
_TOPICS = 256
"""Topics whose words are kept."""
_HALF = 0.5
_BESIDE = 0.34
"""Share of the best district's words that another district must hold to stand beside it."""
_MOST_OF_TOPIC = 0.7
_ELSEWHERE = 0.3
"""Share of a question's weight in words that only other districts know, from which it is about those.

Its rarest word must be among them: 藏红花 tells where a question belongs, 参加 does not."""
_PHRASE, _PHRASE_SHARE = 4, 0.5
"""Length, and share of the topic, from which a phrase that only other districts print tells where it belongs."""
_KNOWN_SHARE = 0.65
"""How much of the confidence is the share of the question's words that the plans know; the rest is the lift."""
_KNOWN_FULL = 0.9
_LIFT_LOW, _LIFT_SPAN = 0.0, 3.0

_WITH_UNITS = (ClauseKind.TASK, ClauseKind.DUTY)
_WITHOUT_UNITS = (ClauseKind.INDICATOR, ClauseKind.STATUS)
_ALL = (*_WITH_UNITS, ClauseKind.TEXT, ClauseKind.INDICATOR, ClauseKind.STATUS)
_PLACES = (Place.BODY, Place.ANNEX)


@dataclass(frozen=True, slots=True)
class Found:
    """Clauses for a topic, best first."""

    clauses: tuple[Clause, ...]
    words: Mapping[str, float]
    """Words to look for in the sentences shown, with their weights."""
    exact: bool
    confidence: float
    degraded: str = ""
    unknown: tuple[str, ...] = ()
    """Words of the question that the plans looked through do not know."""


@dataclass(frozen=True, slots=True)
class Language:
    """What a search must know of the language that people ask in."""

    is_filler: Callable[[str], bool]
    """Whether a word carries no topic."""
    is_common: Callable[[str], bool]
    """Whether a word is of the language of officials, whatever a plan is about."""
    synonyms: Mapping[str, tuple[str, ...]]
    """Words that people say, folded, each with the plans' words for it."""
    longest: int
    """Characters of the longest of them."""


class TopicSearch:
    """Finds clauses for a query's topic over one snapshot."""

    def __init__(self, shelf: PlanRepository, snapshot: Snapshot, language: Language) -> None:
        self._shelf = shelf
        self._snapshot = snapshot
        self._language = language
        # A question's words are looked at several times.
        self._words = lru_cache(_TOPICS)(self._weigh_words)

    def words(self, topic: str) -> Mapping[str, float]:
        """Return the topic's words with their weights, words of asking left out."""
        return self._words(topic.strip())

    def _weigh_words(self, topic: str) -> Mapping[str, float]:
        return {
            word: weight for word, weight in self._snapshot.words(topic).items() if not self._language.is_filler(word)
        }

    def expansions(self, text: str) -> dict[str, tuple[str, ...]]:
        """Return the words of a message that stand for words of the plans, with those; only whole words count."""
        synonyms, longest = self._language.synonyms, self._language.longest
        cut = self._snapshot.cut(text)
        found = {}
        for first in range(len(cut)):
            run = ""
            for word in cut[first : first + longest]:
                run += word
                if run in synonyms:
                    found[run] = synonyms[run]
        return found

    def exact(self, query: Query) -> Found | None:
        """Return the clauses whose headings, or else whose text, hold every word of the topic; None without any."""
        words = self.words(query.where.topic)
        if query.earlier or not _says_most(words, query.where.topic):
            return None
        if not all(map(self._snapshot.may_hold, words)):
            return None
        kinds = _WITH_UNITS if query.select is Select.UNITS else _ALL
        filters = Filters(districts=query.where.districts, kinds=kinds, places=_PLACES)
        hits = [hit.clause for hit in self._snapshot.lexical_search(query.where.topic, filters, limit=_WIDE).hits]
        for part in (_headings, _all_text):
            full = [clause for clause in hits if _coverage(words, part(clause)) >= _FULL]
            if full:
                chosen = self._complete(full, words)
                answers = len(chosen) <= _MOST_EXACT and self._covers(query, chosen)
                return Found(tuple(chosen), words, exact=True, confidence=1.0) if answers else None
        return None

    def _covers(self, query: Query, clauses: Sequence[Clause]) -> bool:
        """Whether the clauses are something to be done, and in every district that a comparison asks about."""
        districts = {clause.district for clause in clauses if clause.kind in _WITH_UNITS}
        wanted = (query.where.districts or self._shelf.districts) if query.group is GroupBy.DISTRICT else ()
        return bool(districts) and districts.issuperset(wanted)

    def _complete(self, clauses: list[Clause], words: Mapping[str, float]) -> list[Clause]:
        """Add the counterparts that hold every word too, each behind the clause it belongs to."""
        chosen: dict[str, Clause] = {}
        for clause in clauses:
            others = [one for one in self._shelf.counterparts(clause) if _coverage(words, _all_text(one)) >= _FULL]
            chosen |= {one.id: one for one in (clause, *others)}
        return list(chosen.values())

    def holding(self, where: Where) -> tuple[Clause, ...]:
        """Return every clause with units that holds all words of the topic, in the plans' order.

        Where there is none, words of the common language of officials (建设) need not be held, if others are left.
        """
        words = self.words(where.topic)
        rare = {word: weight for word, weight in words.items() if not self._language.is_common(word)}
        clauses = [one for plan in self._shelf.plans_of(where.districts) for one in plan.clauses]
        for wanted in (words, rare):
            found = [one for one in clauses if one.kind in _WITH_UNITS and _coverage(wanted, _all_text(one)) >= _FULL]
            if found:
                return tuple(found)
        return ()

    def says_more(self, query: Query) -> bool:
        """Whether the topic holds words of the plans beside its core, that are of no common language."""
        beside = (word for word in self.words(query.where.topic) if word not in query.core)
        return any(not self._language.is_common(word) and self._snapshot.holds(word) for word in beside)

    def speaking(self, query: Query) -> list[Clause]:
        """Return the clauses that share most words with the topic, best first."""
        filters = Filters(districts=query.where.districts, kinds=_ALL, places=_PLACES)
        return [hit.clause for hit in self._snapshot.lexical_search(query.where.topic, filters, limit=_WIDE).hits]

    def near(self, query: Query, *, by_words: bool = False) -> Found:
        """Return the clauses nearest to the question by words and meaning, or ``by_words`` alone."""
        text = f"{query.earlier} {query.words}".strip()
        wider = self.expansions(text)
        looked_up = [other for others in wider.values() for other in others]
        filters = Filters(districts=query.where.districts, kinds=_ALL, places=_PLACES)
        search = self._snapshot.lexical_search if by_words else self._snapshot.search
        one_district = len(query.where.districts or self._shelf.districts) == 1
        result = search(text, filters, limit=_NEAR if one_district else _WIDE, expansions=looked_up)
        words = self.words(f"{query.earlier} {query.where.topic}")
        compared = query.group is GroupBy.DISTRICT
        hits = [hit.clause for hit in result.hits]
        if query.select is Select.UNITS:
            hits.sort(key=lambda clause: clause.kind in _WITHOUT_UNITS)
        clauses = self._spread(hits, query.where.districts, {} if compared else words)
        # What the best clauses hold need not be looked up.
        told = "\n".join(map(_all_text, clauses[:_NEAR]))
        unknown = self._unknown([word for word in words if word not in told], wider, query.where.districts)
        if query.aspect is Aspect.STATE:
            clauses = _first(self._states(text, query, looked_up), clauses)
        looked_for = {**{other: 1.0 for others in wider.values() for other in others}, **words}
        confidence = _confidence(words, unknown, result.lift)
        return Found(tuple(clauses), looked_for, False, confidence, result.degraded, unknown)

    def _states(self, text: str, query: Query, wider: Sequence[str]) -> list[Clause]:
        """Return the nearest states at the start: a question about now wants them first."""
        kinds = (ClauseKind.STATUS, ClauseKind.INDICATOR)
        filters = Filters(districts=query.where.districts, kinds=kinds)
        result = self._snapshot.lexical_search(text, filters, limit=_EACH, expansions=wider)
        return [hit.clause for hit in result.hits]

    def stated(self, query: Query, found: Found) -> bool:
        """Whether some state at the start that was found holds half of the topic (or what its words stand for)."""
        words, wider = self.words(query.where.topic), self.expansions(query.where.topic)
        total = sum(words.values())
        for clause in found.clauses:
            if clause.kind in (ClauseKind.STATUS, ClauseKind.INDICATOR):
                text = _all_text(clause)
                held = (
                    weight for word, weight in words.items() if any(one in text for one in (word, *wider.get(word, ())))
                )
                if sum(held) >= _HALF * total:
                    return True
        return False

    def knows(self, word: str, districts: Sequence[str]) -> bool:
        """Whether a word stands in a plan of the districts (of any for none)."""
        return self._snapshot.holds(word, districts)

    def _unknown(
        self, words: Iterable[str], wider: dict[str, tuple[str, ...]], districts: Sequence[str]
    ) -> tuple[str, ...]:
        """Return the words that neither stand in the plans nor stand for words that do."""
        unknown = [word for word in words if not self.knows(word, districts)]
        beside = {said: others for said, others in wider.items() if any(one in said or said in one for one in unknown)}
        stands_for = [said for said, others in beside.items() if any(self.knows(other, districts) for other in others)]
        return tuple(word for word in unknown if not any(word in said or said in word for said in stands_for))

    def elsewhere(self, query: Query, found: Found) -> tuple[str, ...]:
        """Return the words that make the question one about other districts: only their plans know them."""
        if not query.where.districts or set(self._shelf.districts) <= set(query.where.districts):
            return ()
        weights = self.words(query.core or query.where.topic)
        words = [word for word in found.unknown if self._snapshot.holds(word, query.where.districts, outside=True)]
        rarest = max((weight for word, weight in weights.items() if word not in words), default=0.0)
        weight = sum(weights.get(word, 0.0) for word in words)
        tells = any(weights.get(word, 0.0) >= rarest for word in words)
        if tells and weight >= _ELSEWHERE * sum(weights.values()):
            return tuple(words)
        phrase = self._phrase_elsewhere(query)
        return (phrase,) if phrase else ()

    def _phrase_elsewhere(self, query: Query) -> str:
        """Return the longest phrase of the topic that only the other districts' plans print, where it is most of it."""
        pieces = (query.core or query.where.topic).split()
        topic = max(pieces, key=len, default="")
        enough = max(_PHRASE, ceil(_PHRASE_SHARE * sum(map(len, pieces))))
        # Where its pairs of characters stand nowhere, as in most questions, no phrase need be looked for.
        if not self._snapshot.may_hold_part(topic, enough):
            return ""
        holds = partial(self._snapshot.holds, districts=query.where.districts)
        there = _longest_inside(topic, partial(holds, outside=True), enough)
        if not there or _longest_inside(topic, holds, len(there)) or not self._is_cut_out(topic, there):
            return ""
        return there

    def _is_cut_out(self, topic: str, phrase: str) -> bool:
        """Whether a phrase begins and ends where words of the topic do (医工作室 of 名医工作室 does not)."""
        start, edges, at = topic.find(phrase), {0}, 0
        for word in self._snapshot.cut(topic):
            at += len(word)
            edges.add(at)
        return {start, start + len(phrase)} <= edges

    def _spread(self, clauses: Sequence[Clause], districts: Iterable[str], words: Mapping[str, float]) -> list[Clause]:
        """Take the best of each district in turn, so that none is crowded out.

        Districts whose best holds far fewer of the words than another's are left out.
        """
        wanted = tuple(districts) or self._shelf.districts
        if len(wanted) == 1:
            return list(clauses[:_NEAR])
        if self._shelf.is_wide(wanted):
            wanted = tuple(dict.fromkeys(clause.district for clause in clauses[:_NEAR]))
        wanted = tuple(dict.fromkeys([clause.district for clause in clauses if clause.district in wanted]))
        lanes = [[clause for clause in clauses if clause.district == district][:_EACH] for district in wanted]
        held = [max((_coverage(words, _all_text(clause)) for clause in lane), default=0.0) for lane in lanes]
        enough = _BESIDE * max(held, default=0.0)
        lanes = [lane for lane, share in zip(lanes, held, strict=True) if share >= enough]
        return [lane[turn] for turn in range(_EACH) for lane in lanes if turn < len(lane)]

    def among(self, where: Where, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """Return those of ``clauses`` that speak of the topic, in their order."""
        words = {word: weight for word, weight in self.words(where.topic).items() if not self._everywhere(word)}
        if not words:
            return tuple(clauses)
        covers = {clause.id: _coverage(words, _all_text(clause)) for clause in clauses}
        best = max(covers.values(), default=0.0)
        if best >= _HALF:
            return tuple(clause for clause in clauses if covers[clause.id] >= min(best, _FULL))
        wider = [other for others in self.expansions(where.topic).values() for other in others]
        found = tuple(clause for clause in clauses if any(word in _all_text(clause) for word in wider))
        return found or self._near_among(where, clauses)

    def _everywhere(self, word: str) -> bool:
        """Whether a word is what the plans are about (中医药) and tells no clause from another."""
        return self._snapshot.share(word, ClauseKind.TASK) > _HALF

    def _near_among(self, where: Where, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """Return those of ``clauses`` that are nearest to the topic; a unit's clauses never need the model."""
        found = self.near(Query(Select.PASSAGES, where, words=where.topic), by_words=True)
        near = {clause.id for clause in found.clauses} if found.confidence >= SURE_ENOUGH else set()
        return tuple(clause for clause in clauses if clause.id in near)


def _says_most(words: Iterable[str], topic: str) -> bool:
    """Whether the words make up most of the topic: of 医院自己配的药 the plans' words 医院 and 药 do not."""
    return sum(map(len, words)) >= _MOST_OF_TOPIC * len(topic.replace(" ", "")) > 0


def _first(clauses: Sequence[Clause], others: Sequence[Clause]) -> list[Clause]:
    """Return ``clauses`` before the others, each once."""
    return list({clause.id: clause for clause in (*clauses, *others)}.values())[: max(_NEAR, len(others))]


def _longest_inside(topic: str, stands: Callable[[str], bool], least: int) -> str:
    """Return the longest run of the topic that ``stands`` somewhere, the first of several; empty below ``least``.

    A run stands only where its pieces do, so shorter ones need not be looked for.
    """
    longest = ""
    for start in range(len(topic)):
        size = max(least, len(longest) + 1)
        while start + size <= len(topic) and stands(topic[start : start + size]):
            longest = topic[start : start + size]
            size += 1
    return longest


def _headings(clause: Clause) -> str:
    return "\n".join((*clause.path, clause.title)).casefold()


def _all_text(clause: Clause) -> str:
    return "\n".join((*clause.path, clause.body)).casefold()


def _coverage(words: Mapping[str, float], text: str) -> float:
    total = sum(words.values())
    return sum(weight for word, weight in words.items() if word.casefold() in text) / total if total else 0.0


def _confidence(words: Mapping[str, float], unknown: tuple[str, ...], lift: float | None) -> float:
    """How likely the plans answer at all: the weight of the words they know, and how far the best clause stands out."""
    total = sum(words.values())
    known = 1 - sum(words[word] for word in unknown) / total if total else 0.0
    share = min(known / _KNOWN_FULL, 1.0)
    if lift is None:
        return share
    stands_out = min(max((lift - _LIFT_LOW) / _LIFT_SPAN, 0.0), 1.0)
    return _KNOWN_SHARE * share + (1 - _KNOWN_SHARE) * stands_out
