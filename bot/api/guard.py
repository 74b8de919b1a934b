"""Lets in who shows a token that is good for what is asked, as often as it says."""

from __future__ import annotations

from bot.conversation.counting import Window
from bot.messages import say
from bot.store.api_tokens import ApiTokens
from bot.store.scope import Holder, Scope

_SCHEME = "bearer"
_MINUTE = 60.0


class RefusalError(Exception):
    """A request that is not carried out; the text is Chinese and says why."""

    def __init__(self, status: int, error: str, **values: object) -> None:
        """Take the HTTP status, and the name of the reason among the messages of the table ``api_errors``."""
        super().__init__(say(f"api_errors.{error}", **values))
        self.status = status
        self.error = error


class Guard:
    """Knows tokens and counts their requests."""

    def __init__(self, tokens: ApiTokens) -> None:
        self._tokens = tokens
        self._windows: dict[int, Window] = {}
        """By what a token is good for in a minute."""

    async def holder(self, authorization: str) -> Holder:
        """Return who asks, by the header; RefusalError for nobody that is known, or too often."""
        scheme, _, token = authorization.partition(" ")
        found = await self._tokens.holder(token.strip()) if scheme.lower() == _SCHEME else None
        if found is None:
            raise RefusalError(401, "no_token")
        if found.per_minute:
            window = self._windows.setdefault(found.per_minute, Window(found.per_minute, _MINUTE))
            if not window.hit(found.number):
                raise RefusalError(429, "too_often", most=found.per_minute)
        return found


def check(holder: Holder, scope: Scope) -> None:
    """Raise RefusalError unless a token is good for this."""
    if scope not in holder.scopes:
        raise RefusalError(403, "wrong_scope", scope=scope)
