"""``python -m bot card``: a question's answer as a picture, written to a file."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.cli.ask import district_named, open_for_terminal
from bot.messages import say
from bot.query.chat_state import ChatState


def write_card(question: str, district: str, output: Path) -> int:
    """Write the card of a question's answer as PNG and print where; returns the exit code."""
    from bot.render.card.draw import NoCardError, draw
    from bot.render.card.fonts import FontError

    answerer = open_for_terminal()
    if answerer is None:
        return 2
    try:
        answer, _ = answerer.ask(question, ChatState(district=district_named(answerer, district)))
        if not answer.answered:
            return _refuse(answer.headline)
        picture = draw(answer)
        output.write_bytes(picture.png)
    except (NoCardError, FontError, ValueError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(say("card.unwritable", file=output, error=error.strerror))
    print(output)
    return 0


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return 2
