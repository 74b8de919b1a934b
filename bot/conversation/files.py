"""Answers as files: which ones are offered as one, and how it is made off the event loop."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.answering.answer import Answer, AnswerKind, Choice
from bot.messages import say
from bot.render.file.make import AnswerFile, NoFileError, make_file

_LISTS = frozenset({AnswerKind.DUTIES, AnswerKind.COUNT, AnswerKind.DEADLINE, AnswerKind.OVERVIEW})
"""What people pass on as a table."""


async def file_of(answer: Answer) -> AnswerFile | str:
    """Return the file that an answer asks for, or the line that says why there is none."""
    try:
        return await asyncio.to_thread(make_file, answer, answer.file)
    except NoFileError as error:
        return str(error)


def offer_file(answer: Answer) -> Answer:
    """Add a button that sends a list as a file."""
    listed = any(section.entries or section.series for section in answer.sections)
    if answer.kind not in _LISTS or not answer.answered or not listed:
        return answer
    return replace(answer, choices=(*answer.choices, Choice(say("choice.export"), say("choice.say_export"))))
