"""Secret keys of this installation, each a file of its own in the data folder, made when first asked for.

The first line is the key, 32 random bytes as hex digits. A line behind it is an older key that what it has signed is
still taken by, until the time (Unix seconds) that stands beside it.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from bot.messages import say
from bot.settings import SettingError
from corpus.private import make_folder, write_whole

FOLDER = "keys"
"""Inside the data folder; a backup holds it."""
_BYTES = 32
_DISTINCT = 16
"""Different values among the bytes of a key: random ones have about thirty, and never so few."""
_DAY = 86_400


class KeyFileError(SettingError):
    """A file that holds no key; the text is Chinese and names it."""


@dataclass(frozen=True, slots=True)
class StoredKey:
    """One key, and until when it is good."""

    value: bytes
    until: float = float("inf")
    """Unix seconds."""


def load_key(data_dir: Path, name: str) -> bytes:
    """Return the key ``name``, the same for every process on this data folder; SettingError as for ``load_keys``."""
    return load_keys(data_dir, name)[0].value


def load_keys(data_dir: Path, name: str) -> tuple[StoredKey, ...]:
    """Return the key ``name`` and the older ones that are good yet; SettingError names a bad file or folder."""
    file = data_dir / FOLDER / f"{name}.key"
    try:
        make_folder(file.parent)
        with FileLock(file.parent / ".lock"):
            if not file.exists():
                _write(file, (_new(),))
            return _good(parse_keys(file.read_bytes(), file))
    except OSError as error:
        raise _unwritable(data_dir, error) from error


def rotate(data_dir: Path, name: str, days: int) -> None:
    """Make a new key ``name``; what older ones have signed is good for so many days. SettingError as above."""
    load_keys(data_dir, name)
    file = data_dir / FOLDER / f"{name}.key"
    end = time.time() + days * _DAY
    try:
        with FileLock(file.parent / ".lock"):
            older = _good(parse_keys(file.read_bytes(), file))
            _write(file, (_new(), *_good(tuple(StoredKey(key.value, min(key.until, end)) for key in older))))
    except OSError as error:
        raise _unwritable(data_dir, error) from error


def parse_keys(data: bytes, file: Path | str) -> tuple[StoredKey, ...]:
    """Return what a file's bytes say, the newest key first; KeyFileError names the ``file`` when they are no keys."""
    lines = data.decode("ascii", errors="replace").splitlines()
    try:
        first, *older = (line.split() for line in lines)
        (newest,) = first
        keys = (
            StoredKey(bytes.fromhex(newest)),
            *(StoredKey(bytes.fromhex(key), float(until)) for key, until in older),
        )
    except ValueError:
        keys = ()
    if not keys or any(len(key.value) < _BYTES or len(set(key.value)) < _DISTINCT for key in keys):
        raise KeyFileError(say("setting_errors.key_file", file=file, bytes=_BYTES))
    return keys


def _good(keys: tuple[StoredKey, ...]) -> tuple[StoredKey, ...]:
    now = time.time()
    return tuple(key for key in keys if key.until > now)


def _new() -> StoredKey:
    return StoredKey(secrets.token_bytes(_BYTES))


def _write(file: Path, keys: tuple[StoredKey, ...]) -> None:
    first, *older = keys
    lines = [first.value.hex(), *(f"{key.value.hex()} {key.until:.0f}" for key in older)]
    write_whole(file, "\n".join(lines).encode("ascii"))


def _unwritable(folder: Path, error: OSError) -> SettingError:
    reason = say("setting_errors.unwritable", place=folder, error=error.strerror or type(error).__name__)
    return SettingError.of("data_dir", reason)
