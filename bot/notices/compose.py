"""Puts a notice into messages that every platform takes, each an ``Answer`` without entries."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.answer import Answer, AnswerKind, Choice, Section, Source
from bot.messages import say

_BYTES = 1_000
"""Of one message's lines: the smallest platform takes 2,048 with markup, headline, source, number and hint."""
_QUOTED = 80
"""Characters of a quoted passage."""
_PIECE = 300
"""Characters of one line of an announcement."""


def quoted(text: str) -> str:
    """Return a passage of a plan on one line, cut with an ellipsis where it is long."""
    flat = "".join(text.split())
    return flat if len(flat) <= _QUOTED else say("entry.cut", text=flat[:_QUOTED])


def compose(
    headline: str, lines: Sequence[str], *, choices: tuple[Choice, ...] = (), sources: tuple[Source, ...] = ()
) -> tuple[Answer, ...]:
    """Return the messages of a notice; the last one carries what can be pressed."""
    blocks: list[list[str]] = [[]]
    size = 0
    for line in lines:
        length = len(line.encode()) + 1
        if blocks[-1] and size + length > _BYTES:
            blocks.append([])
            size = 0
        blocks[-1].append(line)
        size += length
    total = len(blocks)
    return tuple(
        Answer(
            AnswerKind.FACT,
            answered=True,
            headline=headline if total == 1 else f"{headline}{say('render.page', number=number, total=total)}",
            sections=(Section("", tuple(block), ()),) if block else (),
            sources=sources if number == total else (),
            choices=choices if number == total else (),
        )
        for number, block in enumerate(blocks, 1)
    )


def pieces(text: str) -> list[str]:
    """Return the lines of an operator's text, long ones cut; nothing is left out."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return [line[at : at + _PIECE] for line in lines for at in range(0, len(line), _PIECE)]
