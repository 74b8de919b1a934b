"""Who may ask, and how often: the same rules on every platform.

Open to all unless something restricts it: a list of users, a list of chats, a rule of the platform's own about its
members, or an invitation code that lets in whoever sends it (in a group: the group). A code can't be tried out: after
a few wrong ones nobody listens for a while, and who may not ask is told so now and then only.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Collection
from enum import Enum

import structlog

from bot.conversation.counting import Window
from bot.store.chats import Chats

CODE_CHARACTERS = 8
"""Of an invitation code at least: a shorter one can be guessed."""
GUESSES, GUESSING_SECONDS = 10, 600
"""Wrong codes of one person within so many seconds; then not even the right one is taken."""


log = structlog.get_logger()

IsMember = Callable[[str], Awaitable[bool]]
"""Whether a user is one of those whom the platform's own lists let in."""


class AskingPace(Enum):
    """Whether somebody asks too often."""

    FINE = "fine"
    TELL = "tell"
    """Too often, and not told so within this minute."""
    QUIET = "quiet"
    """Too often, and told already: answering each would be what the limit is there to prevent."""


class ChatAccess:
    """Who may ask in one channel."""

    def __init__(
        self,
        chats: Chats,
        *,
        users: Collection[str] = (),
        groups: Collection[str] = (),
        code: str = "",
        per_minute: int,
        is_member: IsMember | None = None,
    ) -> None:
        """Let in ``users``, ``groups`` (their ids), holders of ``code``, members; all empty lets in everyone."""
        self._is_member = is_member
        self._chats = chats
        self._users = frozenset(users)
        self._groups = frozenset(groups)
        self._code = code
        self._asked = Window(per_minute, 60.0) if per_minute else None
        self._told, self._refused = Window(1, 60.0), Window(1, 60.0)
        self._guessed = Window(GUESSES, GUESSING_SECONDS)

    @property
    def is_open(self) -> bool:
        """Whether everybody may ask."""
        return not (self._users or self._groups or self._code or self._is_member)

    def is_code(self, text: str, user: str) -> bool:
        """Whether ``text`` is the invitation code, and ``user`` has not tried too many wrong ones."""
        if not self._code or self._guessed.is_full(user):
            return False
        return hmac.compare_digest(text.strip().encode(), self._code.encode())

    def may_be_refused(self, user: str, chat: str) -> bool:
        """Count what somebody says who may not ask, maybe a wrong code; returns whether to tell so in the chat."""
        if self._guessed.hit(user) and self._code and self._guessed.is_full(user):
            log.warning("somebody tries out the invitation code", wrong=GUESSES, shut_for_seconds=GUESSING_SECONDS)
        return self._refused.hit(chat)

    async def admits(self, user: str, chat: str) -> bool:
        """Whether this user may ask in this chat."""
        if self.is_open:
            return True
        if user in self._users or chat in self._groups:
            return True
        if self._code and await self._chats.invited((f"user:{user}", f"chat:{chat}")):
            return True
        return self._is_member is not None and await self._is_member(user)

    def pace(self, user: str) -> AskingPace:
        """Count one question of ``user``."""
        if self._asked is None or self._asked.hit(user):
            return AskingPace.FINE
        return AskingPace.TELL if self._told.hit(user) else AskingPace.QUIET


def is_guessable(code: str) -> bool:
    """Whether an invitation code that is set can be found by trying."""
    return 0 < len(code) < CODE_CHARACTERS
