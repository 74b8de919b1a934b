"""What is typed in a terminal chat: editing, earlier messages, and names offered while one types."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.conversation.suggest import Suggestion
from bot.messages import say

OFFERED = 8
"""Names offered at once."""
LONGEST_NAME = 12
"""Characters before the cursor in which the beginning of a name is looked for."""

Suggest = Callable[[str, int], tuple[Suggestion, ...]]


class _Names(Completer):
    """Offers units, indicators and clauses that match what is typed."""

    def __init__(self, suggest: Suggest) -> None:
        self._suggest = suggest

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yield what matches the line, as a whole question; else names that go on with its last characters."""
        del complete_event
        typed = document.text_before_cursor
        if not typed.strip():
            return
        whole = self._suggest(typed, OFFERED)
        for one in whole:
            yield Completion(one.say, -len(typed), display=one.label, display_meta=one.detail)
        if not whole:
            yield from self._going_on(typed)

    def _going_on(self, typed: str) -> Iterator[Completion]:
        """Yield the names that hold the longest end of the line that any name holds, two characters at least."""
        for start in range(max(1, len(typed) - LONGEST_NAME), len(typed) - 1):
            end = typed[start:]
            named = {one.label: one for one in self._suggest(end, OFFERED) if end in one.label}
            if end.strip() == end and named:
                for label, one in named.items():
                    yield Completion(label, -len(end), display_meta=one.detail)
                return


def reader(suggest: Suggest, history: Path | None, lines: int) -> Callable[[], str]:
    """Return what reads the next message; without a terminal, plain lines of standard input.

    What is typed and the names offered for it take ``lines`` of the screen.
    Reading raises EOFError at the end of input and KeyboardInterrupt at Ctrl-C.
    """
    prompt = say("ask.prompt")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return lambda: input(prompt)
    session: PromptSession[str] = PromptSession(
        completer=_Names(suggest),
        complete_while_typing=True,
        # Many plans take a while to be looked through, and typing must not wait for it.
        complete_in_thread=True,
        history=_history(history),
        reserve_space_for_menu=lines,
    )
    return lambda: session.prompt(FormattedText([("bold ansicyan", prompt)]))


def _history(file: Path | None) -> History:
    """Return what keeps the messages: a file that only its owner reads, or memory where none can be written."""
    if file is None:
        return InMemoryHistory()
    try:
        file.touch(mode=0o600)
        with file.open("ab"):
            return FileHistory(file)
    except OSError:
        return InMemoryHistory()
