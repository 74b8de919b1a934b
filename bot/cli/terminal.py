"""The terminal as a channel: answers in colour, and a chat that leads on, with pages, names offered and history."""

from __future__ import annotations

from contextlib import nullcontext
from math import ceil
from pathlib import Path
from typing import Protocol

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape, render
from rich.text import Text

from bot.answering.answer import Answer
from bot.conversation.answerer import Heard
from bot.conversation.suggest import Suggestion
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.render.pages import Room, page_of
from bot.render.parts import Line, Run, RunStyle, choices_in_words, make_parts

_STYLES = {RunStyle.PLAIN: "", RunStyle.BOLD: "bold", RunStyle.FAINT: "dim", RunStyle.QUOTE: "green"}
_LOWEST = 5
"""Lines that a page has on the smallest screen."""
_LOW = 24
"""Lines of a screen below which entries come in short form."""
_MENU = 8
"""Lines for the names that are offered while one types; a quarter of a low screen."""
_OFFERED = 4
"""What can be typed next, at most so many of it."""


class TerminalAnswerer(Protocol):
    """What a chat asks."""

    def ask(self, text: str, state: ChatState, /) -> tuple[Answer, ChatState]:
        """Return the answer, and the chat's state after it."""

    def hear(self, text: str, state: ChatState, /) -> Heard:
        """Return the message as read, and whether its answer waits for the model."""

    def answer(self, heard: Heard, /) -> tuple[Answer, ChatState]:
        """Return the answer to what was heard, and the chat's state after it."""

    def suggest(self, typed: str, limit: int, /) -> tuple[Suggestion, ...]:
        """Return what matches what is being typed."""


class RichMarkup:
    """Writes runs in rich's markup and measures them in columns of the terminal."""

    def write(self, run: Run) -> str:
        """Return a run in rich's markup, each of its lines marked up for itself so that it can be measured alone."""
        style = _STYLES[run.style]
        lines = (escape(line) for line in run.text.split("\n"))
        return "\n".join(f"[{style}]{line}[/{style}]" if style and line else line for line in lines)

    def measure(self, text: str) -> int:
        """Return the columns that a reader sees."""
        return cell_len(render(text).plain)


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def _styled(line: Line) -> Text:
    return Text.assemble(*((run.text, _STYLES[run.style]) for run in line))


def print_answer(answer: Answer, *, explain: bool = False) -> None:
    """Print a whole answer; ``explain`` adds what was recognised and how it was found."""
    console = _console()
    parts = make_parts(answer, short=False)
    for group in ((parts.headline, *parts.notes), *(group.lines for group in parts.groups), (parts.source,)):
        for line in filter(None, group):
            console.print(_styled(line))
        if group != (parts.source,):
            console.print()
    for told in _beside(answer):
        console.print(Text(told, "cyan"))
    if explain:
        for step in answer.why:
            console.print(Text(f"· {step}", "cyan"))


def _beside(answer: Answer) -> list[str]:
    """Return how to get what a terminal can't show."""
    wanted = (("card.terminal", answer.picture), ("file.terminal", answer.file))
    return [say(key) for key, asked in wanted if asked]


def chat(answerer: TerminalAnswerer, district: str, history: Path | None = None) -> int:
    """Talk until the end of input, 退出 or Ctrl-C; returns the exit code.

    ``history`` is the file that keeps what was typed for the next chat; None keeps it for this one.
    """
    talk = _Talk(answerer, ChatState(district=district))
    try:
        from bot.cli.terminal_input import reader

        talk.welcome()
        read = reader(answerer.suggest, history, talk.menu)
        while (message := read().strip()) not in say("ask.leave").split():
            talk.answer(message)
    except (EOFError, KeyboardInterrupt):
        talk.console.print()
    talk.console.print(say("ask.bye"))
    return 0


class _Talk:
    """One chat: what it shows, and what an empty line goes on with."""

    def __init__(self, answerer: TerminalAnswerer, state: ChatState) -> None:
        self.console = _console()
        self._answerer = answerer
        self._state = state
        self._examples: list[str] = []
        self._goes_on = False
        """A page follows the one that was shown last."""

    @property
    def menu(self) -> int:
        """Lines of the screen that are kept for what is typed and the names offered for it."""
        return min(_MENU, self.console.height // 4)

    def welcome(self) -> None:
        """Say what this is, what to type for a start, and which keys help."""
        hello, _ = self._answerer.ask(say("say.help"), self._state)
        self.console.print(Text(hello.headline, "bold"))
        self.console.print(say("ask.welcome"))
        if self.console.is_terminal:
            self.console.print(say("ask.keys"))
        self._examples = [choice.say for choice in choices_in_words(hello)]
        self._offer(self._examples, "ask.examples")

    def answer(self, message: str) -> None:
        """Answer a message; an empty one asks for the next page, where there is one."""
        if not message and not self._goes_on:
            self._offer(self._examples, "ask.examples")
            return
        message = message or say("say.next")
        heard = self._answerer.hear(message, self._state)
        waits = self.console.is_terminal and heard.needs_model
        with self.console.status(say("ask.thinking")) if waits else nullcontext():
            answer, self._state = self._answerer.answer(heard)
        self._print_page(answer)

    def _print_page(self, answer: Answer) -> None:
        """Print the page of an answer that it asks for, and what can be typed next."""
        page = page_of(answer, RichMarkup(), self._room(answer))
        self.console.print(page.text)
        for line in _beside(answer):
            self.console.print(Text(line, "cyan"))
        following = _offered(answer)
        self._goes_on = page.number < page.total
        if self._goes_on:
            following.insert(0, say("ask.next"))
        closed = [entry for section in answer.sections for entry in section.entries if not entry.expanded]
        following += [say("say.expand", number=entry.number) for entry in closed if entry.number in page.entries][:1]
        if following:
            self._offer(following, "ask.following")
        elif not answer.answered:
            self._offer(self._examples, "ask.examples")

    def _room(self, answer: Answer) -> Room:
        """Return how much of a page leaves its first line on the screen, with what is shown and typed below it."""
        # A wide character that would begin in a line's last column stands in the next.
        width = self.console.width - 1
        offered = [say("ask.next"), *_offered(answer), say("say.expand", number=99)]
        below = ceil(cell_len(_listed(offered, "ask.following")) / width) + self.menu
        lines = max(self.console.height - below - answer.picture, _LOWEST)
        return Room(limit=lines * width, lines=lines, brief=self.console.height < _LOW, width=width)

    def _offer(self, words: list[str], message: str) -> None:
        if words:
            self.console.print(Text(_listed(words, message), "cyan"))


def _offered(answer: Answer) -> list[str]:
    return [choice.say for choice in choices_in_words(answer)[:_OFFERED]]


def _listed(words: list[str], message: str) -> str:
    return say(message, choices=say("ask.following_comma").join(words))
