"""A question's answer written to a file: what ``card`` and ``export`` have in common."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.ask import district_named, open_for_terminal
from bot.messages import say
from bot.query.chat_state import ChatState

if TYPE_CHECKING:
    from bot.answering.answer import Answer
    from bot.conversation.answerer import Answerer

Make = Callable[["Answerer", "Answer"], bytes]
"""What a file holds; one of the errors given beside it says in a line why there is none."""


def write_answer(question: str, district: str, output: Path, make: Make, errors: tuple[type[Exception], ...]) -> int:
    """Write the file and print where; returns the exit code."""
    expected: tuple[type[Exception], ...] = (*errors, ValueError)
    answerer = open_for_terminal()
    if answerer is None:
        return 2
    try:
        answer, _ = answerer.ask(question, ChatState(district=district_named(answerer, district)))
        if not answer.answered:
            return refuse(answer.headline)
        output.write_bytes(make(answerer, answer))
    except expected as error:
        return refuse(str(error))
    except OSError as error:
        return refuse(say("file.unwritable", file=output, error=error.strerror))
    print(output)
    return 0


def refuse(line: str) -> int:
    """Say why there is no file; returns the exit code."""
    print(line, file=sys.stderr)
    return 2
