"""The name under which this process holds leases; the same again when it is started again.

A process that was killed has not given its leases back. Started again in the same data folder it bears the same name,
so it renews them at once, where another name would have to wait for them to run out. The operating system's lock on
the name's file keeps two living processes from bearing one name, and ends with the process however that ends.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bot.messages import say
from bot.settings import SettingError
from corpus.private import close_folder, make_folder, write_whole

_MOST = 64
"""Processes on one data folder."""


@dataclass(frozen=True, slots=True)
class Replica:
    """This process among its like; ``lock`` is held as long as it lives."""

    name: str
    lock: FileLock


def claim(data_dir: Path) -> Replica:
    """Take the first name that no living process bears, and the folder from other users of this machine.

    SettingError when the folder can't be written.
    """
    folder = data_dir / "replicas"
    try:
        close_folder(data_dir)
        make_folder(folder)
        for number in range(1, _MOST + 1):
            lock = FileLock(folder / f"{number}.lock")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            return Replica(_name(folder / f"{number}.name"), lock)
    except OSError as error:
        reason = say("setting_errors.unwritable", place=folder, error=error.strerror or type(error).__name__)
        raise SettingError.of("data_dir", reason) from error
    reason = say("setting_errors.crowded", place=folder)
    raise SettingError.of("data_dir", reason)


def _name(file: Path) -> str:
    """Return the name in ``file``, which nobody else writes now; random, so that no two folders share one."""
    try:
        name = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        name = ""
    if not name:
        name = secrets.token_hex(8)
        write_whole(file, name.encode("ascii"))
    return name
