"""A message → what it asks: the closed grammar first; where it leaves something over, one pass of the model.

No network and bounded work. A message is read once; what was found out is passed on in the ``Reading``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from bot.query.plan_repository import PlanRepository
from bot.query.query import Query, Select
from bot.query.search import Language
from bot.reading.act import HELP, find_asking, help_words
from bot.reading.evidence import Words
from bot.reading.marks import Marks, find_marks
from bot.reading.names import Names
from bot.reading.reading import Correction, Reading
from bot.reading.spelling import Holds, Pinyin, Spelling
from bot.reading.tags import Tagger
from bot.reading.text import clean, is_blank, is_latin
from bot.reading.weigh import Weigher

_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_TEXTS = 64
"""Messages, or parts of one, whose marks are kept: as many as are being answered at once."""


class Reader:
    """Reads messages about the plans of one shelf."""

    def __init__(
        self,
        shelf: PlanRepository,
        holds: Holds,
        words: Words,
        tagger: Tagger,
        language: Language,
        aliases: Mapping[str, str] = {},
    ) -> None:
        """Know the names of ``shelf``'s plans; ``words`` cuts a text, ``tagger`` asks the model.

        ``language`` has what people say for what plans write.
        """
        self.names = Names(shelf, holds, aliases)
        self._shelf = shelf
        self.spelling = Spelling(shelf.catalogue, self.names.all_names, holds, language.synonyms)
        self._pinyin = Pinyin(self.names.all_names, self._titles, self.spelling)
        self._weigher = Weigher(shelf, self.names, words, lambda word: holds(word) or word in language.synonyms)
        self._tagger = tagger
        # A message is looked at four times before it is answered: what it asks, whether alone, and with the model.
        self._marks = lru_cache(_TEXTS)(self._find_marks)

    def _titles(self) -> tuple[str, ...]:
        """Return the names of indicators and the titles of clauses: what a message in pinyin may well mean."""
        indicators = (re.sub("[^一-鿿]", "", name) for name in self._shelf.catalogue.indicator_names())
        return (*indicators, *self.spelling.titles)

    def read(self, message: str, default_district: str, today: date) -> Reading:
        """Return what the grammar reads in a message, with the chat's default district where it names none."""
        text = clean(message)
        if is_blank(text):
            return Reading(text, Query(Select.HELP), HELP)
        if _EDGE.sub("", text).lower().lstrip("/") in help_words():
            return Reading(text, Query(Select.HELP, words=text), HELP)
        corrections: tuple[Correction, ...] = ()
        if any(char.isascii() and char.isalpha() for char in text):
            text, corrections = self._pinyin.read(text, alone=is_latin(text))
        marks, slips = self._corrected(self._marks(text, today), today)
        reading = self._weigher.weigh(marks, default_district)
        return replace(reading, corrections=(*corrections, *slips)) if corrections or slips else reading

    def complete(self, reading: Reading, default_district: str, today: date) -> Reading:
        """Return the reading with what the model reads in its message; the same where there is no model."""
        tags = self._tagger(reading.text) if reading.left_over else None
        if tags is None:
            return reading
        marks = self._marks(reading.text, today)
        return replace(self._weigher.weigh(marks, default_district, tags), corrections=reading.corrections)

    def settled(self, reading: Reading) -> Reading:
        """Return a reading that goes on with no question before it."""
        return self._weigher.settle(reading)

    def asks(self, part: str) -> bool:
        """Whether a part of a message asks something of its own."""
        text = clean(part)
        return bool(find_asking(text) or self.names.find_units(text))

    def asks_alone(self, part: str, today: date) -> bool:
        """Whether a part of a sentence asks for a figure or for units of a thing that it names itself."""
        marks = self._marks(clean(part), today)
        return bool(marks.topic) and not marks.units and (marks.has("figure") or marks.has("who"))

    def asks_of_units(self, part: str, today: date) -> bool:
        """Whether a part of a sentence asks how many or which tasks units have that it names itself."""
        marks = self._marks(clean(part), today)
        return bool(marks.units) and not marks.topic and (marks.has("count") or marks.has("duties"))

    def _find_marks(self, text: str, today: date) -> Marks:
        return find_marks(text, self.names, self.spelling, today)

    def _corrected(self, marks: Marks, today: date) -> tuple[Marks, tuple[Correction, ...]]:
        """Correct homophones of names and of the plans' words, and say which."""
        text, slips = self._longer_names(marks)
        if slips:
            marks = self._marks(text, today)
        content = self._without_nicknames(" ".join((marks.topic, *(name for _, _, name in marks.members))))
        if not self.spelling.is_known(content, text):
            text, more = self.spelling.correct(text, content)
            if more:
                marks, slips = self._marks(text, today), (*slips, *more)
        return marks, slips

    def _without_nicknames(self, content: str) -> str:
        """Leave out what may be a unit of the plans by some of its characters (建管委): it is no slip for another."""
        for _, _, name in self.names.find_unknown(content):
            content = content.replace(name, " ") if self.names.like(name) else content
        return content

    def _longer_names(self, marks: Marks) -> tuple[str, tuple[Correction, ...]]:
        """Correct names of which only the end was recognised, because a character before it is a homophone (卫建委)."""
        text, slips = marks.text, []
        for one in marks.units:
            slip = None if one.weak else self.spelling.longer_name(text, one.start, one.end)
            if slip:
                text = text.replace(slip.typed, slip.read)
                slips.append(slip)
        return text, tuple(slips)
