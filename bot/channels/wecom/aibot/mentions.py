"""The bot's name in a group's messages: learnt from them, and taken out of the question wherever it stands.

A frame does not hold the name on its own (100719), but every message of a group that reaches the bot has it after an
``@``. So what all of them share is the name, with its blanks; until that is known, a mention is one word.
"""

from __future__ import annotations

import re
from collections import deque

_MENTION = re.compile(r"(?<![A-Za-z0-9._%+-])@(\S+)")
"""Not the ``@`` of a mail address."""
_AFTER = re.compile(r"(?<![A-Za-z0-9._%+-])@")
_SEEN = 20
"""Messages that are compared."""
_ENOUGH = 4
"""Different messages after which words that all of them share belong to the name and not to a question."""
_NAME_WORDS = 4


class Mentions:
    """One bot's name."""

    def __init__(self, name: str = "") -> None:
        """Take the name that is set, empty to learn it."""
        self._set = name
        self._seen: deque[frozenset[str]] = deque(maxlen=_SEEN)
        self._texts: deque[str] = deque(maxlen=_SEEN)

    def strip(self, text: str) -> str:
        """Return a group's message without any mention; people's names are no part of a question either."""
        self._learn(text)
        return self.without(text)

    def without(self, text: str) -> str:
        """Do the same with a text that need not mention the bot, such as a quoted one."""
        name = self._set or self._name()
        if name:
            text = re.sub(rf"(?<![A-Za-z0-9._%+-])@{re.escape(name)}", " ", text)
        return re.sub(r"[^\S\n]+", " ", _MENTION.sub(" ", text)).strip()

    def _learn(self, text: str) -> None:
        found = _after_signs(text)
        if found and text not in self._texts:
            self._texts.append(text)
            self._seen.append(found)

    def _name(self) -> str:
        """Return the longest words that followed an ``@`` in every message; empty while too few were seen."""
        if len(self._seen) < _ENOUGH:
            return ""
        return max(frozenset.intersection(*self._seen), key=len, default="")


def _after_signs(text: str) -> frozenset[str]:
    """Return what a name may be: one to four words after each ``@``."""
    found: set[str] = set()
    for sign in _AFTER.finditer(text):
        words = re.findall(r"\s*\S+", text[sign.end() : sign.end() + 100])[:_NAME_WORDS]
        found |= {"".join(words[:count]) for count in range(1, len(words) + 1)}
    return frozenset(found)
