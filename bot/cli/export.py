"""``python -m bot export``: a question's answer as an Excel or Word file."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.answering.answer import FileFormat
from bot.answering.goals import with_goals
from bot.cli.ask import district_named, open_for_terminal
from bot.messages import say
from bot.query.chat_state import ChatState


def write_file(question: str, district: str, output: Path) -> int:
    """Write the list that answers a question, in the format that the name ends in; returns the exit code."""
    from bot.render.file.make import NoFileError, make_file

    if output.suffix.lower() not in (".xlsx", ".docx"):
        return _refuse(say("file.unknown_ending", file=output))
    answerer = open_for_terminal()
    if answerer is None:
        return 2
    try:
        answer, _ = answerer.ask(question, ChatState(district=district_named(answerer, district)))
        if not answer.answered:
            return _refuse(answer.headline)
        kind = FileFormat(output.suffix.lower().removeprefix("."))
        output.write_bytes(make_file(with_goals(answerer.shelf, answer), kind).content)
    except (NoFileError, ValueError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(say("file.unwritable", file=output, error=error.strerror))
    print(output)
    return 0


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return 2
