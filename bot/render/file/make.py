"""An ``Answer`` → a file: which kinds there are, and what the file is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.answering.answer import Answer, FileFormat
from bot.messages import say
from bot.render.file.clean import printable
from bot.render.file.tables import Sheets, sheets_of

_NO_NAME = re.compile(r'[\s\\/:*?"<>|.：；、，（）()]+')
_NAME_CHARACTERS = 40
"""Of a file's name without its ending: a phone shows about as many."""
_MEDIA = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    FileFormat.XLSX: f"{_MEDIA}spreadsheetml.sheet",
    FileFormat.DOCX: f"{_MEDIA}wordprocessingml.document",
}


class NoFileError(Exception):
    """The answer is no list, so there is nothing to put into a file; the text says so."""


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file of an answer."""

    name: str
    content: bytes
    media_type: str


def make_file(answer: Answer, kind: FileFormat) -> AnswerFile:
    """Return the file of an answer that is a list; NoFileError for any other."""
    sheets = sheets_of(answer)
    if not sheets.tables:
        raise NoFileError(say("file.none"))
    return AnswerFile(f"{_name(sheets.headline)}.{kind}", _writer(kind)(sheets), MEDIA_TYPES[kind])


def _writer(kind: FileFormat) -> Callable[[Sheets], bytes]:
    # Both libraries take their time to load, and most bots are asked for no file today.
    if kind is FileFormat.XLSX:
        from bot.render.file.excel import workbook

        return workbook
    from bot.render.file.word import document

    return document


def _name(headline: str) -> str:
    return _NO_NAME.sub(" ", printable(headline)).strip()[:_NAME_CHARACTERS].strip() or say("file.tasks")
