"""From a message to an answer: the one entrance that every channel uses."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.answering.answer import Answer, FileFormat
from bot.answering.answering import Answering
from bot.answering.expand import expanded
from bot.answering.goals import with_goals
from bot.answering.join import join_answers
from bot.conversation.suggest import Suggestion, suggest
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query, Select
from bot.reading.file_words import read_file_wish
from bot.reading.follow_up import follow
from bot.reading.model import tagger_of
from bot.reading.picture_words import without_picture_words
from bot.reading.reader import Reader
from bot.reading.reading import Reading
from bot.reading.synonyms import language, names_of_units
from bot.reading.text import MAX_LENGTH
from bot.zone import ZONE
from index.snapshot import Snapshot

CARRY_SECONDS = 30 * 60
"""How long the last question of a chat can be changed by its parts."""
_SLACK = 60.0
"""Seconds by which another replica's clock may be ahead; a time further ahead is of a clock that was put back since."""
MOST_QUESTIONS = 3
"""Questions of one message that are answered."""
_BREAK = re.compile(r"[?？;；\n。!！]+|另外(?:问)?|还有就是|顺便问(?:一下|下)?")
_COMMA = re.compile(r"[,，、]")
_EDGES = " \t,，、"

__all__ = ["Answerer", "Suggestion"]  # channels know the suggestion's type from here


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, read by the grammar: what it asks, and whether the model must be waited for."""

    readings: tuple[Reading, ...]
    answers: tuple[Answer | None, ...]
    """What the plans' data answers already; None where the model is needed."""
    state: ChatState

    @property
    def needs_model(self) -> bool:
        """Whether answering waits for the embedding model (a channel then shows that it works)."""
        return None in self.answers


class Answerer:
    """Answers messages over one snapshot; safe to call from several threads at once."""

    def __init__(
        self,
        snapshot: Snapshot,
        clock: Callable[[], float] = time.time,
        aliases: Mapping[str, str] = {},
    ) -> None:
        """Answer from ``snapshot``; ``aliases`` are further names of units, each with its unit's key."""
        self._shelf = PlanRepository(snapshot.catalogue)
        plan_ids = snapshot.catalogue.plan_ids()
        spoken, named = language(plan_ids), {**names_of_units(plan_ids), **aliases}
        self._answering = Answering(self._shelf, snapshot, spoken, self._today)
        self._reader = Reader(self._shelf, snapshot.holds, snapshot.words, tagger_of(snapshot.read), spoken, named)
        self._snapshot = snapshot
        self._clock = clock

    @property
    def shelf(self) -> PlanRepository:
        """The plans that are answered from."""
        return self._shelf

    @property
    def reader(self) -> Reader:
        """What reads names of units, districts and indicators."""
        return self._reader

    @property
    def generation(self) -> int:
        """Number of the state that is answered from, where an index that is shared has one."""
        return self._snapshot.backend.generation

    @property
    def model_loaded(self) -> bool:
        """Whether the embedding model is in memory."""
        return self._snapshot.model_loaded

    def warm(self) -> None:
        """Load what the first question that needs the model would wait for."""
        self._snapshot.warm()

    @property
    def today(self) -> date:
        """The day that answers reckon from."""
        return self._today()

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), ZONE).date()

    def hear(self, text: str, state: ChatState = ChatState()) -> Heard:
        """Read a message without the model; ``answer`` goes on from there. Never raises on user input."""
        readings = tuple(self._read(text, state))
        answers = tuple(None if one.left_over else self._answering.structured(one.query) for one in readings)
        return Heard(readings, answers, state)

    def answer(self, heard: Heard) -> tuple[Answer, ChatState]:
        """Answer what was heard; the returned state belongs to the conversation."""
        readings = self._completed(heard)
        pairs = zip(readings, heard.answers, strict=True)
        answers = [self._answer(reading, known) for reading, known in pairs]
        answer = answers[0] if len(answers) == 1 else join_answers(answers, [one.typed for one in readings])
        if answer.answered and any(one.picture for one in readings):
            answer = replace(answer, picture=True)
        file = next((one.file for one in readings if one.file), FileFormat.NONE)
        if answer.answered and file:
            answer = replace(with_goals(self._shelf, answer), file=file)
        return answer, self._state_after(readings[-1], heard.state)

    def ask(self, text: str, state: ChatState = ChatState()) -> tuple[Answer, ChatState]:
        """Answer one message; never raises on user input. The returned state belongs to the conversation."""
        return self.answer(self.hear(text, state))

    def answer_query(self, query: Query) -> Answer:
        """Answer a query as it stands."""
        return self._answering.structured(query) or self._answering.retrieved(query)

    def remember(self, text: str, state: ChatState = ChatState()) -> ChatState:
        """Return the state after a message without answering it: a chat's history is replayed at no cost."""
        return self._state_after(self._read(text, state)[-1], state)

    def _state_after(self, reading: Reading, state: ChatState) -> ChatState:
        query = reading.query
        if query.select is Select.HELP:
            return state
        return ChatState(state.district, replace(query, entry=0).to_json(), reading.page, self._clock())

    def districts(self) -> tuple[str, ...]:
        """Return the districts that have a plan, in the order in which the plans were added."""
        return self._shelf.districts

    def suggest(self, typed: str, limit: int = 50, offset: int = 0) -> tuple[Suggestion, ...]:
        """Clauses, units and indicators that match ``typed``, best first; never uses the model."""
        return suggest(self._shelf, self._answering.speaking, typed, limit, offset)

    def _last(self, state: ChatState) -> Reading | None:
        fresh = is_recent(state.asked_at, self._clock())
        query = Query.from_json(state.query) if state.query and fresh else None
        return Reading(query.words, query, page=state.page) if query else None

    def _read(self, text: str, state: ChatState) -> list[Reading]:
        last = self._last(state)
        found: list[Reading] = []
        for part in self._parts(text):
            wish = read_file_wish(part)
            words, picture = without_picture_words(wish.words)
            if last is not None and (wish.of_last or (picture and not words)):
                # The last answer again, on the page that was shown.
                found.append(replace(last, picture=picture, file=wish.kind, typed=part))
                continue
            if wish.kind and not words:
                found.append(Reading(part, Query(Select.PASSAGES), typed=part))
                continue
            reading = self._reader.read(words or part, state.district, self._today())
            reading = self._placed(reading, last)
            found.append(replace(reading, picture=picture, file=wish.kind, typed=part))
            last = reading
        return found

    def _placed(self, reading: Reading, last: Reading | None) -> Reading:
        """Return what a reading means after the last one."""
        return follow(reading, last, self._reader.names.districts) or self._reader.settled(reading)

    def _completed(self, heard: Heard) -> list[Reading]:
        """Return the readings with what the model reads where the grammar left something over."""
        last = self._last(heard.state)
        found: list[Reading] = []
        for one in heard.readings:
            reading = one
            if one.left_over:
                whole = self._reader.complete(one, heard.state.district, self._today())
                reading = replace(self._placed(whole, last), picture=one.picture, file=one.file, typed=one.typed)
            found.append(reading)
            last = reading
        return found

    def _parts(self, text: str) -> list[str]:
        """Return the questions of a message: sentences that each ask something, or the message as one."""
        found = (part.strip(_EDGES) for part in _BREAK.split(text[: MOST_QUESTIONS * 400]))
        parts = [part for part in found if len(part) > 1]
        if 1 < len(parts) <= MOST_QUESTIONS and all(self._reader.asks(part) for part in parts):
            return parts
        clauses = [part for part in _COMMA.split(text[:MAX_LENGTH]) if part.strip(_EDGES)]
        alone = [self._reader.asks_alone(part, self._today()) for part in clauses]
        if not all(alone):
            alone = [self._reader.asks_of_units(part, self._today()) for part in clauses]
        return clauses if 1 < len(clauses) <= MOST_QUESTIONS and all(alone) else [text]

    def _answer(self, reading: Reading, known: Answer | None) -> Answer:
        query = reading.query
        answer = known or self.answer_query(query)
        if query.entry:
            shown = expanded(answer, query.entry)
            missing = (say("note.no_entry", number=query.entry),) if shown is answer and answer.answered else ()
            answer = replace(shown, notes=(*missing, *shown.notes))
        corrections = tuple(say("note.correction", read=one.read) for one in reading.corrections)
        why = (*_why(reading), *answer.why)
        return replace(answer, notes=(*corrections, *answer.notes), page=reading.page, why=why)


def is_recent(asked_at: float, now: float) -> bool:
    """Whether a question asked at a time, both in Unix seconds, is one that the next message may go on with."""
    return -_SLACK <= now - asked_at <= CARRY_SECONDS


def _why(reading: Reading) -> tuple[str, ...]:
    lines = [say("why.act", act=reading.act), say("why.query", query=reading.query.to_json())]
    lines += [say("why.corrected", typed=one.typed, read=one.read) for one in reading.corrections]
    return tuple(lines)
