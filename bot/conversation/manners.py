"""What needs no answer in a group: 收到, 好的, 👍 and their like, of which forty may come below one announcement."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.messages import say

_ASKING = re.compile(r"[?？]")


@lru_cache(1)
def _pattern() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in say("manners.acknowledgements").split())
    return re.compile(rf"(?:{words}|[\W_])+", re.IGNORECASE)


def is_acknowledgement(text: str) -> bool:
    """Whether ``text`` says that something was read, and asks nothing; signs alone do, a question mark does not."""
    text = text.strip()
    return bool(text) and not _ASKING.search(text) and _pattern().fullmatch(text) is not None
