"""What is typed in a terminal chat: editing, earlier messages, and names offered while one types."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.ask.suggest import Suggestion
from bot.messages import say

OFFERED = 8
"""Names offered at once."""

Suggest = Callable[[str, int], tuple[Suggestion, ...]]


class _Names(Completer):
    """Offers units, indicators and clauses that match the whole line."""

    def __init__(self, suggest: Suggest) -> None:
        self._suggest = suggest

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yield what matches; what is chosen takes the place of the line."""
        del complete_event
        typed = document.text
        if not typed.strip():
            return
        for one in self._suggest(typed, OFFERED):
            yield Completion(one.say, -len(typed), display=one.label, display_meta=one.detail)


def reader(suggest: Suggest) -> Callable[[], str]:
    """Return what reads the next message; without a terminal, plain lines of standard input.

    Reading raises EOFError at the end of input and KeyboardInterrupt at Ctrl-C.
    """
    prompt = say("ask.prompt")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return lambda: input(prompt)
    session: PromptSession[str] = PromptSession(completer=_Names(suggest), complete_while_typing=True)
    return lambda: session.prompt(prompt)
