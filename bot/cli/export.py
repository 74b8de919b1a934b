"""``wence export``: a question's answer as an Excel or Word file."""

from __future__ import annotations

from pathlib import Path

from bot.answering.answer import Answer, FileFormat
from bot.answering.goals import with_goals
from bot.cli.written import refuse, write_answer
from bot.conversation.answerer import Answerer
from bot.messages import say


def write_file(question: str, district: str, output: Path) -> int:
    """Write the list that answers a question, in the format that the name ends in; returns the exit code."""
    from bot.render.file.make import NoFileError, make_file

    if output.suffix.lower() not in (".xlsx", ".docx"):
        return refuse(say("file.unknown_ending", file=output))
    kind = FileFormat(output.suffix.lower().removeprefix("."))

    def make(answerer: Answerer, answer: Answer) -> bytes:
        return make_file(with_goals(answerer.shelf, answer), kind).content

    return write_answer(question, district, output, make, (NoFileError,))
