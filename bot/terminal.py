"""The terminal as a channel: answers in colour, a chat with pages and completion, progress on long steps."""

from __future__ import annotations

import sys
from typing import Protocol

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape, render
from rich.text import Text

from bot.ask.answer import Answer
from bot.ask.conversation import ChatState
from bot.ask.suggest import Suggestion
from bot.messages import say
from bot.render.pages import Room, page_of
from bot.render.parts import Line, Run, Style, choices_in_words, make_parts
from index.progress import Stage

_STYLES = {Style.PLAIN: "", Style.BOLD: "bold", Style.FAINT: "dim", Style.QUOTE: "italic"}
_KEPT_FREE = 4
"""Lines of the screen that a page leaves for what was asked and for what can be typed next."""
_LOWEST = 12
_OFFERED = 4
"""What can be typed next, at most so many of it."""


class Asked(Protocol):
    """What a chat asks."""

    def ask(self, text: str, state: ChatState, /) -> tuple[Answer, ChatState]:
        """Return the answer, and the chat's state after it."""

    def needs_model(self, text: str, state: ChatState, /) -> bool:
        """Whether the answer waits for the model."""

    def suggest(self, typed: str, limit: int, /) -> tuple[Suggestion, ...]:
        """Return what matches what is being typed."""


class RichMarkup:
    """Writes runs in rich's markup and measures them in columns of the terminal."""

    def write(self, run: Run) -> str:
        """Return a run in rich's markup."""
        style, text = _STYLES[run.style], escape(run.text)
        return f"[{style}]{text}[/{style}]" if style else text

    def measure(self, text: str) -> int:
        """Return the columns that a reader sees."""
        return cell_len(render(text).plain)


class ProgressLines:
    """Tells on standard error how far a long step is, a line for each tenth."""

    def __init__(self) -> None:
        self._last: tuple[Stage, int] | None = None

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        """Tell, unless this tenth has been told; a step of one piece is told as it begins."""
        tenth = done * 10 // total if total else 10
        if (stage, tenth) == self._last or (total <= 1 and done):
            return
        self._last = (stage, tenth)
        counted = say("progress.counted", done=done, total=total) if total > 1 else ""
        print(say(f"progress.{stage.value}") + counted, file=sys.stderr, flush=True)


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
    if answer.picture:
        console.print(Text(say("card.terminal"), "cyan"))
    if explain:
        for step in answer.why:
            console.print(Text(f"· {step}", "cyan"))


def _print_page(answer: Answer, console: Console) -> None:
    """Print the page of an answer that it asks for, and what can be typed next."""
    lines = max(console.height - _KEPT_FREE, _LOWEST)
    page = page_of(answer, RichMarkup(), Room(limit=lines * console.width, lines=lines))
    console.print(page.text)
    if answer.picture:
        console.print(Text(say("card.terminal"), "cyan"))
    following = [choice.say for choice in choices_in_words(answer)[:_OFFERED]]
    if page.number < page.total:
        following.insert(0, say("say.next"))
    closed = [entry for section in answer.sections for entry in section.entries if not entry.expanded]
    following += [say("say.expand", number=entry.number) for entry in closed if entry.number in page.entries][:1]
    if following:
        console.print(Text(say("ask.following", choices=say("ask.following_comma").join(following)), "cyan"))


def chat(answerer: Asked, district: str) -> int:
    """Talk until the end of input, 退出 or Ctrl-C; returns the exit code."""
    from bot.terminal_input import reader

    console = _console()
    state = ChatState(district=district)
    console.print(Text(say("ask.welcome"), "bold"))
    read = reader(answerer.suggest)
    try:
        while (message := read()).strip() not in say("ask.leave").split():
            if not message.strip():
                console.print(say("empty.headline"))
                continue
            waiting = say("ask.thinking") if answerer.needs_model(message, state) else ""
            if waiting and console.is_terminal:
                with console.status(waiting):
                    answer, state = answerer.ask(message, state)
            else:
                answer, state = answerer.ask(message, state)
            _print_page(answer, console)
    except (EOFError, KeyboardInterrupt):
        console.print()
    console.print(say("ask.bye"))
    return 0
