"""Seals what a browser keeps for us: signed, so that it comes back as it was given out; not encrypted."""

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
class Signing:
    """A key as the library takes it, and until when it is good, in Unix seconds."""

    value: str
    until: float = float("inf")


class Seal:
    """Seals and opens with secret keys; what was sealed for one use opens for no other."""

    def __init__(self, *keys: str | Signing) -> None:
        """Seal with the first key; what an older one has sealed is opened as long as that is good."""
        self._keys = [key if isinstance(key, Signing) else Signing(key) for key in keys]

    def close(self, use: str, value: list[Any]) -> str:
        """Return ``value`` (what JSON can hold) sealed, in characters that an address and a cookie take."""
        return self._for(use).dumps(value)

    def open(self, use: str, sealed: str) -> list[Any] | None:
        """Return what was sealed for this use; None for anything else."""
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


def make_seal(settings: Settings) -> Seal:
    """Return the seal with the keys that are set, else with this installation's own.

    SettingError when the data folder can't be written, or holds no good key.
    """
    if keys := settings.web_key.get_secret_value().split():
        return Seal(*keys)
    return Seal(*(Signing(key.value.hex(), key.until) for key in load_keys(settings.data_dir, KEY)))
