"""Finds the answer that a member quotes: WeCom hands over the quoted words, and no id.

So what an answer shows is kept under a digest of its first line, as letters and digits alone, since a quotation may
come without markup or cut off at its end.
"""

from __future__ import annotations

import hashlib
import re

from bot.channels.wecom.layout import Reply
from bot.query.chat_state import ChatState
from bot.store.shown import Shown

_SIGNS = re.compile(r"[\W_]+")


def name_of(words: str) -> str:
    """Return what an answer is kept under; equal for its words as they were sent and as they are quoted."""
    lines = (_SIGNS.sub("", line) for line in words.splitlines())
    first = next(filter(None, lines), "")
    return f"line:{hashlib.blake2b(first.encode(), digest_size=16).hexdigest()}"


def shown_of(chat: str, said: str, before: ChatState, reply: Reply, feedback: str) -> Shown:
    """Return what is kept of an answer, which is found by its words, and by the id of what members think of it."""
    return Shown(chat, name_of(reply.texts[0]), feedback, before, said, before, reply.after, "")
