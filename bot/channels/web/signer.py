"""Signs what a browser keeps for us, so that a changed value is noticed; nothing is encrypted."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from bot.channels.web.limits import SEALED_CHARACTERS
from bot.keys import load_keys
from bot.settings import Settings

KEY = "web"
"""Names the key among those of the data folder."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key as the library takes it, and until when it is good, in Unix seconds."""

    value: str
    until: float = float("inf")


class Signer:
    """Signs and verifies values with secret keys; what was signed for one use is refused for any other."""

    def __init__(self, *keys: str | SigningKey) -> None:
        """Sign with the first key; signatures of older keys are accepted until those keys end."""
        self._keys = [key if isinstance(key, SigningKey) else SigningKey(key) for key in keys]

    def sign(self, use: str, value: list[Any]) -> str:
        """Return ``value`` (what JSON can hold) signed, in characters that an address and a cookie take."""
        return self._for(use).dumps(value)

    def verify(self, use: str, sealed: str) -> list[Any] | None:
        """Return the value that was signed for this use; None for anything else."""
        if len(sealed) > SEALED_CHARACTERS:
            return None
        try:
            value = self._for(use).loads(sealed)
        except BadData:
            return None
        return value if isinstance(value, list) else None

    def _for(self, use: str) -> URLSafeSerializer:
        now = time.time()
        # The library seals with the last one.
        good = [key.value for key in reversed(self._keys) if key.until > now]
        return URLSafeSerializer(good, salt=f"wence.{use}", signer_kwargs={"digest_method": hashlib.sha256})


def make_signer(settings: Settings) -> Signer:
    """Return a signer with the keys that are set, else with this installation's own.

    SettingError when the data folder can't be written, or holds no good key.
    """
    if keys := settings.web_key.get_secret_value().split():
        return Signer(*keys)
    return Signer(*(SigningKey(key.value.hex(), key.until) for key in load_keys(settings.data_dir, KEY)))
