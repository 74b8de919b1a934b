"""Seals what a browser keeps for us: signed, so that it comes back as it was given out; not encrypted."""

from __future__ import annotations

import hashlib
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from bot.channels.web.limits import SEALED_CHARACTERS
from bot.keys import load_key
from bot.messages import say
from bot.settings import SettingError, Settings, variable

_KEY = "web"


class Seal:
    """Seals and opens with one key; what was sealed for one use opens for no other."""

    def __init__(self, key: str) -> None:
        self._key = key

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
        return URLSafeSerializer(self._key, salt=f"wence.{use}", signer_kwargs={"digest_method": hashlib.sha256})


def make_seal(settings: Settings) -> Seal:
    """Return the seal with the key that is set, else with this installation's own.

    SettingError when the data folder can't be written.
    """
    key = settings.web_key.get_secret_value()
    if key:
        return Seal(key)
    try:
        return Seal(load_key(settings.data_dir, _KEY).hex())
    except OSError as error:
        reason = say("setting_errors.unwritable", place=settings.data_dir, error=error.strerror or type(error).__name__)
        raise SettingError(say("run.bad_setting", name=variable("data_dir"), reason=reason)) from error
