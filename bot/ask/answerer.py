"""From a message to an answer: the one entrance that every channel uses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ask.answer import Answer, AnswerKind
from bot.ask.conversation import ChatState


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that matches what a user is typing: a clause, a unit or an indicator."""

    id: str
    label: str
    detail: str
    say: str
    """The message that opens it."""


class Answerer:
    """Answers messages over one snapshot; safe to call from several threads at once."""

    def ask(self, text: str, state: ChatState = ChatState()) -> tuple[Answer, ChatState]:
        """Answer one message; never raises on user input. The returned state belongs to the conversation."""
        return Answer(AnswerKind.HELP, answered=True, headline=text[:20]), state

    def needs_model(self, text: str, state: ChatState = ChatState()) -> bool:
        """Whether answering will wait for the embedding model (a channel then shows that it works)."""
        return False

    def districts(self) -> tuple[str, ...]:
        """Return the districts that have a plan, in the order in which the plans were added."""
        return ()

    def suggest(self, typed: str, limit: int = 50, offset: int = 0) -> tuple[Suggestion, ...]:
        """Clauses, units and indicators that match ``typed``, best first; never uses the model."""
        return ()
