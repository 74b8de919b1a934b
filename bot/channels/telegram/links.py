"""Links that open the bot with a question: ``https://t.me/BOT?start=…``."""

from __future__ import annotations

import base64

from bot.channels.telegram.limits import START_PAYLOAD_CHARACTERS

_QUESTION = "q_"


def write_link(username: str, question: str) -> str | None:
    """Return a link that opens the bot with ``question`` asked; None when it is too long for one."""
    payload = _QUESTION + base64.urlsafe_b64encode(question.encode()).decode().rstrip("=")
    if len(payload) > START_PAYLOAD_CHARACTERS:
        return None
    return f"https://t.me/{username}?start={payload}"


def read_link(payload: str) -> str:
    """Return the question of a deep link's payload, empty when it holds none."""
    if not payload.startswith(_QUESTION):
        return ""
    body = payload.removeprefix(_QUESTION)
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except ValueError:
        # What anybody may type behind /start: no base64, letters outside of ASCII, or no UTF-8.
        return ""
