"""Whether a conversation's last question still counts: who presses a button means it, however old it is."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.conversation.answerer import is_recent
from bot.query.chat_state import ChatState


def renewed(state: ChatState) -> ChatState:
    """Return ``state`` as if asked now: for a button that is pressed, a message that is edited or replied to."""
    return replace(state, asked_at=time.time()) if state.query else state


def carried_over(state: ChatState) -> ChatState:
    """Return ``state`` without its last question, once that is too old to be followed up."""
    return state if is_recent(state.asked_at, time.time()) else ChatState(district=state.district)
