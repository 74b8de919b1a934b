"""An ``Answer`` as plain text, all pages: the terminal without colours, and ``text`` of the JSON contract."""

from __future__ import annotations

from bot.answering.answer import Answer
from bot.render.parts import Line, make_parts


def line_text(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(run.text for run in line)


def answer_text(answer: Answer) -> str:
    """Return the whole answer, all pages, one line below the other."""
    parts = make_parts(answer, short=False)
    lines = [parts.headline, *parts.notes, *(line for group in parts.groups for line in group.lines), parts.source]
    return "\n".join(line_text(line) for line in lines if line)
