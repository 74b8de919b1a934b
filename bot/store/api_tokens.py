"""The tokens that were given to other programs: what one may do, and how it is known again with only a hash kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Row, delete, insert, select

from bot.store.database import Store
from bot.store.scope import Holder, Scope
from bot.store.sql import epoch
from bot.store.tables import api_tokens

_DAY = 86_400
PREFIX = "wence"
_NUMBER_BYTES, _SECRET_BYTES = 4, 32


def make_token() -> tuple[str, str, str]:
    """Return a new token, shown once, with its number and the digest that it is known by."""
    number, secret = secrets.token_hex(_NUMBER_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    token = f"{PREFIX}_{number}_{secret}"
    return token, number, digest(token)


def number_of(token: str) -> str:
    """Return a token's number; empty for what is no token."""
    prefix, _, rest = token.partition("_")
    number, _, secret = rest.partition("_")
    return number if prefix == PREFIX and secret else ""


def digest(token: str) -> str:
    """Return what is kept of a token: it is random, and so long that a plain hash can't be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


class ApiTokens:
    """Made, looked up and taken back; taking back works at once, in every replica."""

    def __init__(self, store: Store) -> None:
        """Keep them in ``store``."""
        self._store = store

    async def make(self, name: str, scopes: frozenset[Scope], per_minute: int, days: int) -> str:
        """Return a new token, good for so many days; it is not to be had again."""
        token, number, hashed = make_token()
        async with self._store.begin() as tx:
            await tx.execute(
                insert(api_tokens).values(
                    number=number, name=name, digest=hashed, scopes=" ".join(sorted(scopes)), per_minute=per_minute,
                    made_at=epoch(), expires_at=epoch() + days * _DAY,
                )
            )  # fmt: skip
        return token

    async def holder(self, token: str) -> Holder | None:
        """Return whose token this is; None for one that is not, or no longer, good."""
        number = number_of(token)
        if not number:
            return None
        wanted = select(api_tokens).where(api_tokens.c.number == number, api_tokens.c.expires_at > epoch())
        async with self._store.read() as tx:
            found = (await tx.execute(wanted)).first()
        return _holder(found) if found and hmac.compare_digest(found.digest, digest(token)) else None

    async def every(self) -> tuple[Holder, ...]:
        """Return all of them, those that have expired too, the oldest first."""
        async with self._store.read() as tx:
            found = await tx.execute(select(api_tokens).order_by(api_tokens.c.made_at, api_tokens.c.number))
            return tuple(map(_holder, found))

    async def take_back(self, number: str) -> bool:
        """Forget a token; returns whether there was one."""
        async with self._store.begin() as tx:
            gone = await tx.execute(delete(api_tokens).where(api_tokens.c.number == number))
            return gone.rowcount > 0


def _holder(row: Row[tuple[object, ...]]) -> Holder:
    scopes = frozenset(map(Scope, row.scopes.split()))
    return Holder(row.number, row.name, scopes, row.per_minute, row.made_at, row.expires_at)
