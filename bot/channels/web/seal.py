"""Seals what a browser keeps for us: signed, so that it comes back as it was given out; not encrypted."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from bot.channels.web.limits import SEALED_CHARACTERS
from bot.messages import say
from bot.settings import SettingError, Settings, variable

_FILE = "web.key"


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


def load_key(settings: Settings) -> str:
    """Return the key that is set, else the one in the data folder, made at the first call.

    SettingError when the folder can't be written.
    """
    key = settings.web_key.get_secret_value()
    if key:
        return key
    file = settings.data_dir / _FILE
    try:
        if not file.exists():
            _make(file)
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        reason = say("setting_errors.unwritable", place=settings.data_dir, error=error.strerror or type(error).__name__)
        raise SettingError(say("run.bad_setting", name=variable("data_dir"), reason=reason)) from error


def _make(file: Path) -> None:
    """Write a key that only this user can read, whole or not at all, and never over another process's."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{_FILE}.{os.getpid()}")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
        opened.write(secrets.token_urlsafe(32))
        opened.flush()
        os.fsync(opened.fileno())
    try:
        file.hardlink_to(half)
    except FileExistsError:
        pass
    finally:
        half.unlink()
