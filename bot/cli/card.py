"""``wence card``: a question's answer as a picture, written to a file."""

from __future__ import annotations

from pathlib import Path

from bot.cli.written import write_answer


def write_card(question: str, district: str, output: Path) -> int:
    """Write the card of a question's answer as PNG and print where; returns the exit code."""
    from bot.render.card.draw import NoCardError, draw
    from bot.render.card.fonts import FontError

    return write_answer(question, district, output, lambda _, answer: draw(answer).png, (NoCardError, FontError))
