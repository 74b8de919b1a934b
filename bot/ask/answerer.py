"""From a message to an answer: the one entrance that every channel uses."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.ask.answer import Answer
from bot.ask.conversation import ChatState
from bot.ask.expand import expanded
from bot.ask.follow_up import follow
from bot.ask.join import join_answers
from bot.ask.picture_words import without_picture_words
from bot.ask.question import Kind, Question
from bot.ask.resolve import Resolver
from bot.ask.shelf import Shelf
from bot.ask.suggest import Suggestion, suggest
from bot.ask.understand import Understanding
from bot.messages import say
from index.snapshot import Snapshot

CARRY_SECONDS = 30 * 60
"""How long the last question of a chat can be changed by its parts."""
MOST_QUESTIONS = 3
"""Questions of one message that are answered."""
_BREAK = re.compile(r"[?？;；\n。!！]+|另外(?:问)?|还有就是|顺便问(?:一下|下)?")
_EDGES = " \t,，、"
_ZONE = ZoneInfo("Asia/Shanghai")

__all__ = ["Answerer", "Suggestion"]  # channels know the suggestion's type from here


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    page: int
    typed: str
    """The part of the message that asks it."""
    picture: bool = False
    """A picture is asked for beside the words."""


class Answerer:
    """Answers messages over one snapshot; safe to call from several threads at once."""

    def __init__(
        self,
        snapshot: Snapshot,
        clock: Callable[[], float] = time.time,
        aliases: Mapping[str, str] = {},
    ) -> None:
        """Answer from ``snapshot``; ``aliases`` are further names of units, each with its unit's key."""
        self._shelf = Shelf(snapshot.catalogue)
        self._understanding = Understanding(self._shelf, snapshot.holds, aliases)
        self._snapshot = snapshot
        self._clock = clock
        self._resolver = Resolver(self._shelf, snapshot, self._today)

    @property
    def shelf(self) -> Shelf:
        """The plans that are answered from."""
        return self._shelf

    @property
    def understanding(self) -> Understanding:
        """What reads names of units, districts and indicators."""
        return self._understanding

    @property
    def generation(self) -> int:
        """Number of the state that is answered from, where an index that is shared has one."""
        return self._snapshot.backend.generation

    @property
    def model_loaded(self) -> bool:
        """Whether the embedding model is in memory."""
        return self._snapshot.model_loaded

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), _ZONE).date()

    def ask(self, text: str, state: ChatState = ChatState()) -> tuple[Answer, ChatState]:
        """Answer one message; never raises on user input. The returned state belongs to the conversation."""
        asked = self._read(text, state)
        answers = [self._answer(one) for one in asked]
        answer = answers[0] if len(answers) == 1 else join_answers(answers, [one.typed for one in asked])
        if answer.answered and any(one.picture for one in asked):
            answer = replace(answer, picture=True)
        return answer, self._state_after(asked[-1], state)

    def remember(self, text: str, state: ChatState = ChatState()) -> ChatState:
        """Return the state after a message without answering it: a chat's history is replayed at no cost."""
        return self._state_after(self._read(text, state)[-1], state)

    def _state_after(self, asked: _Asked, state: ChatState) -> ChatState:
        if asked.question.kind in (Kind.HELP, Kind.EMPTY):
            return state
        carried = (replace(asked.question, expand=0) if asked.question.expand else asked.question).to_json()
        return ChatState(state.district, carried, asked.page, self._clock())

    def needs_model(self, text: str, state: ChatState = ChatState()) -> bool:
        """Whether answering will wait for the embedding model (a channel then shows that it works)."""
        return any(self._resolver.structured(one.question) is None for one in self._read(text, state))

    def districts(self) -> tuple[str, ...]:
        """Return the districts that have a plan, in the order in which the plans were added."""
        return self._shelf.districts

    def suggest(self, typed: str, limit: int = 50, offset: int = 0) -> tuple[Suggestion, ...]:
        """Clauses, units and indicators that match ``typed``, best first; never uses the model."""
        return suggest(self._shelf, self._resolver.speaking, typed, limit, offset)

    def _read(self, text: str, state: ChatState) -> list[_Asked]:
        fresh = self._clock() - state.asked_at <= CARRY_SECONDS
        last = Question.from_json(state.question) if state.question and fresh else None
        asked: list[_Asked] = []
        for part in self._parts(text):
            words, picture = without_picture_words(part)
            if picture and not words and last is not None:
                # The last answer again, on the page that was shown.
                asked.append(_Asked(replace(last, expand=0), state.page, part, picture))
                continue
            question = self._understanding.read(words or part, state.district, self._today())
            goes_on = follow(question, last, state.page, self._understanding.names.districts)
            if goes_on:
                question, page = goes_on.question, goes_on.page
            asked.append(_Asked(question, page if goes_on else 1, part, picture))
            last = question
        return asked

    def _parts(self, text: str) -> list[str]:
        """Return the questions of a message: sentences that each ask something, or the message as one."""
        found = (part.strip(_EDGES) for part in _BREAK.split(text[: MOST_QUESTIONS * 400]))
        parts = [part for part in found if len(part) > 1]
        if 1 < len(parts) <= MOST_QUESTIONS and all(self._understanding.asks(part) for part in parts):
            return parts
        return [text]

    def _answer(self, asked: _Asked) -> Answer:
        question = asked.question
        answer = self._resolver.structured(question) or self._resolver.retrieved(question)
        if question.expand:
            shown = expanded(answer, question.expand)
            missing = (say("note.no_entry", number=question.expand),) if shown is answer and answer.answered else ()
            answer = replace(shown, notes=(*missing, *shown.notes))
        corrections = tuple(say("note.correction", read=one.read) for one in question.corrections)
        return replace(answer, notes=(*corrections, *answer.notes), page=asked.page, why=(*_why(question), *answer.why))


def _why(question: Question) -> tuple[str, ...]:
    lines = [say("why.kind", kind=question.kind.value)]
    if question.districts:
        lines.append(say("why.districts", districts="、".join(question.districts)))
    if question.units:
        lines.append(say("why.units", units="、".join(question.units)))
    if question.topic:
        lines.append(say("why.topic", topic=question.topic))
    if question.years:
        lines.append(say("why.years", years="、".join(map(str, question.years))))
    if question.context:
        lines.append(say("why.context", context=question.context))
    lines += [say("why.corrected", typed=one.typed, read=one.read) for one in question.corrections]
    return tuple(lines)
