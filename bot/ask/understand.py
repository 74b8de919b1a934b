"""A message → ``Question``, by rules over data files; no model, no network, bounded work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from bot.ask.cues import Cue, find_cues, help_words, is_filler, trim_fillers
from bot.ask.datafiles import load
from bot.ask.names import Mention, Names, distinct
from bot.ask.numbers import find_before, find_clause, find_years
from bot.ask.question import ClauseRef, Correction, Kind, Question
from bot.ask.shelf import Shelf
from bot.ask.spans import cut, overlaps, pieces
from bot.ask.spelling import Holds, Pinyin, Spelling
from bot.ask.text import clean, is_blank, is_latin

_EDGE = re.compile(r"^[\W_]+|[\W_]+$")

_SHORTEST_NAME = 2
"""A shorter word with a unit's ending (全委) names nothing."""
_BY_CUE = (("who", Kind.WHO), ("baseline", Kind.BASELINE), ("target", Kind.TARGET))
"""What a message asks for about its topic: the first cue that it holds."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything recognised in a message, before it is weighed."""

    text: str
    cues: tuple[Cue, ...]
    units: tuple[Mention, ...]
    members: tuple[tuple[int, int, str], ...]
    districts: tuple[tuple[int, int, str], ...]
    foreign: tuple[tuple[int, int, str], ...]
    years: tuple[tuple[int, int, int], ...]
    before: tuple[int, int, date] | None
    clause: tuple[int, int, ClauseRef] | None
    topic: str
    weak_topic: str
    """The topic when weak unit names count as units."""

    def has(self, kind: str) -> bool:
        """Whether some word of asking stands for this kind."""
        return any(kind in cue.kinds for cue in self.cues)


@cache
def _asked_patterns() -> tuple[tuple[dict[str, Any], re.Pattern[str]], ...]:
    return tuple((entry, re.compile(entry["asks"], re.IGNORECASE)) for entry in load("declines")["asked"])


class Understanding:
    """Reads messages about the plans of one shelf."""

    def __init__(self, shelf: Shelf, holds: Holds, aliases: Mapping[str, str] = {}) -> None:
        self.names = Names(shelf, holds, aliases)
        self._shelf = shelf
        self.spelling = Spelling(shelf.catalogue, self.names.all_names, holds, load("synonyms")["words"])
        self._pinyin = Pinyin(self.names.all_names, self._words, self.spelling)

    def _words(self) -> tuple[str, ...]:
        """Return the names of indicators and the titles of clauses: what a message in pinyin may well mean."""
        indicators = (re.sub("[^一-鿿]", "", name) for name in self._shelf.catalogue.indicator_names())
        return (*indicators, *self.spelling.titles)

    def read(self, message: str, default_district: str, today: date) -> Question:
        """Return the question that a message asks, with the chat's default district where it names none."""
        text = clean(message)
        if is_blank(text):
            return Question(Kind.EMPTY, text)
        if _EDGE.sub("", text).lower().lstrip("/") in help_words():
            return Question(Kind.HELP, text)
        corrections: tuple[Correction, ...] = ()
        if any(char.isascii() and char.isalpha() for char in text):
            text, corrections = self._pinyin.read(text, alone=is_latin(text))
        found = self._find(text, today)
        text, slips = self._longer_names(found)
        if slips:
            found, corrections = self._find(text, today), (*corrections, *slips)
        content = " ".join((found.topic, *(name for _, _, name in found.members)))
        if not self.spelling.is_known(content, text):
            text, more = self.spelling.correct(text, content)
            if more:
                found, corrections = self._find(text, today), (*corrections, *more)
        question = self._weigh(found, default_district)
        return replace(question, corrections=corrections) if corrections else question

    def _longer_names(self, found: _Found) -> tuple[str, tuple[Correction, ...]]:
        """Correct names of which only the end was recognised, because a character before it is a homophone (卫建委)."""
        text, slips = found.text, []
        for one in found.units:
            slip = None if one.weak else self.spelling.longer_name(text, one.start, one.end)
            if slip:
                text = text.replace(slip.typed, slip.read)
                slips.append(slip)
        return text, tuple(slips)

    def asks(self, part: str) -> bool:
        """Whether a part of a message asks something of its own."""
        text = clean(part)
        return bool(find_cues(text) or self.names.find_units(text))

    def _find(self, text: str, today: date) -> _Found:
        named, foreign = self.names.find_units(text), self.names.find_foreign(text)
        members = tuple(one for one in self.names.find_members(text) if not _inside_a_name(one, named))
        inside = [(start, end) for start, end, _ in members]
        units = tuple(one for one in named if not overlaps((one.start, one.end), inside))
        strong = [(one.start, one.end) for one in units if not one.weak]
        # The level at the head of a unit's name may belong to the word before it: 两个区|教委.
        cores = [(start + (text[start] in "区县市"), end) for start, end in strong]
        districts = tuple(one for one in self.names.find_districts(text))
        years, before, clause = find_years(text), find_before(text, today), find_clause(text)
        cues = tuple(one for one in find_cues(text) if not overlaps((one.start, one.end), (*cores, *inside)))
        spans = [(one.start, one.end) for one in cues] + [(one[0], one[1]) for one in (*districts, *foreign, *years)]
        spans += strong + inside + [(one[0], one[1]) for one in (before, clause) if one]
        weak = [(one.start, one.end) for one in units if one.weak]
        topic = self._topic(text, spans)
        weak_topic = self._topic(text, [*spans, *weak]) if weak else topic
        return _Found(text, cues, units, members, districts, foreign, years, before, clause, topic, weak_topic)

    def _topic(self, text: str, spans: list[tuple[int, int]]) -> str:
        parts = (trim_fillers(piece, self.spelling.known_pairs(text)) for piece in pieces(cut(text, spans)))
        return " ".join(part for part in parts if len(part) > 1 and not is_filler(part) and part not in help_words())

    def _weigh(self, found: _Found, default_district: str) -> Question:
        all_districts = found.has("all_districts")
        districts = distinct(name for _, _, name in found.districts)
        if not districts and default_district and not all_districts:
            districts = (default_district,)
        compare = found.has("compare") or (all_districts and not found.has("duties"))
        question = Question(
            kind=Kind.TOPIC,
            text=found.text,
            topic=found.topic,
            districts=() if all_districts and not found.districts else districts,
            foreign=distinct(name for _, _, name in found.foreign),
            years=distinct_years(found),
            before=found.before[2] if found.before else None,
            lead_only="牵头" in found.text,
            compare=compare or len(districts) > 1,
            when=found.has("deadline"),
            apart=any(word in found.text for word in load("intents")["apart"]["words"]),
            named_districts=bool(found.districts) or all_districts,
            asked=self._asked(found),
        )
        question = self._with_units(question, found)
        return self._with_kind(question, found)

    def _asked(self, found: _Found) -> str:
        if found.has("overview_units") or found.has("overview_indicators"):
            return ""
        for entry, pattern in _asked_patterns():
            match = pattern.search(found.text)
            if match and not (entry.get("unless_printed") and self.names.in_text(match.group())):
                return str(entry["kind"])
        return ""

    def _with_units(self, question: Question, found: _Found) -> Question:
        strong = [one for one in found.units if not one.weak]
        asks_for_unit = found.has("duties") or found.has("count") or not found.cues
        if not strong and found.units and not found.weak_topic and asks_for_unit and not found.members:
            strong, question = list(found.units), replace(question, topic="")
        members = [name for _, _, name in found.members]
        if not strong and not members:
            return self._with_unlisted(question, found)
        known = [one for one in strong if any(self.names.in_plans(key) for key in one.keys)]
        unknown = [one.text for one in strong if one not in known]
        return replace(
            question,
            units=(*distinct(key for one in known for key in one.keys), *distinct(members)),
            unit_names=distinct([one.text for one in known] + members),
            unit_groups=tuple(dict.fromkeys([one.keys for one in known] + [(name,) for name in members])),
            unknown_units=distinct(unknown),
        )

    def _with_unlisted(self, question: Question, found: _Found) -> Question:
        """Take in names in the form of a unit that the directory does not have, or that several units share."""
        for _, _, name in self.names.find_unknown(found.topic):
            rest = " ".join(question.topic.replace(name, " ").split())
            like = self.names.like(name) if found.has("duties") and not rest else ()
            if len(like) == 1:
                return replace(question, units=like, unit_names=(name,), unit_groups=(like,), topic=rest)
            if like:
                return replace(question, options=like, unit_names=(name,), topic=rest)
            if len(name) > _SHORTEST_NAME and not self.names.in_text(name):
                return replace(question, unknown_units=(name,), topic=rest)
        return question

    def _with_kind(self, question: Question, found: _Found) -> Question:
        if found.clause:
            return replace(question, kind=Kind.CLAUSE, clause=found.clause[2])
        special = self._overview(question, found) or self._meta(question, found)
        if special:
            return special
        named = bool(question.units or question.unknown_units or question.options)
        if not question.topic and not named and (listed := self._by_time(question, found)):
            return listed
        if named:
            return replace(question, kind=Kind.DUTIES, count=found.has("count"))
        if found.has("count") and not question.topic:
            return replace(question, kind=Kind.COUNT, count=True)
        asked = (kind for cue, kind in _BY_CUE if found.has(cue))
        kind = next(asked, Kind.TOPIC)
        return question if kind is question.kind else replace(question, kind=kind)

    @staticmethod
    def _by_time(question: Question, found: _Found) -> Question | None:
        if found.has("recurring"):
            return replace(question, kind=Kind.RECURRING)
        return replace(question, kind=Kind.DEADLINE) if question.before or found.has("deadline") else None

    def _overview(self, question: Question, found: _Found) -> Question | None:
        if question.units or question.unknown_units:
            return None
        for name, kind in (
            ("overview_tasks", Kind.TASKS), ("overview_units", Kind.UNITS), ("overview_indicators", Kind.INDICATORS),
            ("overview_lint", Kind.LINT), ("overview_plans", Kind.PLANS), ("countdown", Kind.COUNTDOWN),
        ):  # fmt: skip
            if found.has(name) and (kind is Kind.LINT or self._only_subject(question.topic)):
                return replace(question, kind=kind)
        return None

    def _meta(self, question: Question, found: _Found) -> Question | None:
        field = next((kind.removeprefix("meta:") for cue in found.cues for kind in cue.kinds if "meta:" in kind), "")
        return replace(question, kind=Kind.META, field=field) if field and self._only_subject(question.topic) else None

    @staticmethod
    def _only_subject(topic: str) -> bool:
        """Whether the topic says no more than that the document is meant."""
        words = sorted(load("intents")["meta"]["subject"], key=len, reverse=True)
        rest = re.sub("|".join(map(re.escape, words)), " ", topic)
        return all(is_filler(piece) for piece in rest.split())


def _inside_a_name(member: tuple[int, int, str], named: tuple[Mention, ...]) -> bool:
    """Whether what looks like a town is a piece of a unit's name (区住房城乡 in 区住房城乡建委)."""
    return any(one.start <= member[0] and member[1] < one.end for one in named)


def distinct_years(found: _Found) -> tuple[int, ...]:
    """Return the years named, without those of a time limit or a clause number."""
    taken = [(one[0], one[1]) for one in (found.before, found.clause) if one]
    return tuple(dict.fromkeys(year for start, end, year in found.years if not overlaps((start, end), taken)))
