"""Secret keys of this installation, each a file of its own in the data folder, made when first asked for."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from filelock import FileLock

FOLDER = "keys"
"""Inside the data folder; a backup holds it."""
_BYTES = 32


def load_key(data_dir: Path, name: str) -> bytes:
    """Return the key ``name``, 32 bytes, the same for every process on this data folder; OSError from the disk."""
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{name}.key"
    with FileLock(folder / ".lock"):
        if not file.exists():
            half = folder / f".{name}.half"
            half.touch(mode=0o600)
            half.write_text(secrets.token_hex(_BYTES), encoding="ascii")
            with half.open("rb") as written:
                os.fsync(written.fileno())
            half.replace(file)
    return bytes.fromhex(file.read_text(encoding="ascii"))
