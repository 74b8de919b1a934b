"""The terminal as a channel: answers in colour, a chat with paging and completion, progress on long steps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bot.ask.answer import Answer
from bot.messages import say
from bot.render.parts import Line, Style, make_parts
from index.progress import Stage

if TYPE_CHECKING:
    from bot.ask.answerer import Answerer

_STYLES = {Style.PLAIN: "", Style.BOLD: "bold", Style.FAINT: "dim", Style.QUOTE: "italic"}


def tell_progress(stage: Stage, done: int, total: int) -> None:
    """Print how far a long step is on standard error, a line for each tenth."""
    line = say(f"progress.{stage.value}", done=done, total=total)
    if done in (0, total) or done * 10 // total != (done - 1) * 10 // total:
        print(line, file=sys.stderr, flush=True)


def _styled(line: Line) -> Text:
    return Text.assemble(*((run.text, _STYLES[run.style]) for run in line))


def print_answer(answer: Answer, *, explain: bool = False, console: Console | None = None) -> None:
    """Print a whole answer; ``explain`` adds what was recognised and how it was found."""
    console = console or Console(highlight=False, soft_wrap=True)
    parts = make_parts(answer, short=False)
    lines = [parts.headline, *parts.notes, *(line for group in parts.groups for line in group.lines), parts.source]
    for line in lines:
        if line:
            console.print(_styled(line))
    if explain:
        for step in answer.why:
            console.print(Text(f"· {step}", "cyan"))


def chat(answerer: Answerer, district: str) -> int:
    """Talk until the end of input, 退出 or Ctrl-C; returns the exit code."""
    from bot.ask.conversation import ChatState

    console = Console(highlight=False, soft_wrap=True)
    state = ChatState(district=district)
    console.print(Text(say("ask.welcome"), "bold"))
    while True:
        try:
            message = console.input(say("ask.prompt"))
        except (EOFError, KeyboardInterrupt):
            break
        if message.strip() in say("ask.leave").split():
            break
        answer, state = answerer.ask(message, state)
        print_answer(answer, console=console)
    console.print(say("ask.bye"))
    return 0
