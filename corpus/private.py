"""Files and folders that only the user who runs the bot may read, whatever the umask says."""

from __future__ import annotations

import os
import stat
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600
_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Make a folder, and what is missing above it, for this user alone; one that is there stays as it is."""
    for one in (*reversed(folder.parents), folder):
        if not one.is_dir():
            one.mkdir(mode=FOLDER_MODE, exist_ok=True)


def close_folder(folder: Path) -> None:
    """Make a folder, or take it from all others where it is this user's own; OSError from the disk.

    A folder that many share by its nature (with the sticky bit, as ``/tmp``) is left as it is.
    """
    make_folder(folder)
    found = folder.stat()
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX and found.st_mode & _OTHERS:
        folder.chmod(FOLDER_MODE)


def close_file(file: Path, *, make: bool = False) -> None:
    """Take a file of this user's from all others, made empty first where it is to be; OSError from the disk."""
    if make:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))
    try:
        found = file.stat()
    except FileNotFoundError:
        return
    if found.st_uid == os.geteuid() and found.st_mode & _OTHERS:
        file.chmod(FILE_MODE)


def open_new(file: Path) -> int:
    """Return a descriptor of a new file: one that is there, or a link that somebody laid, is never written to."""
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE)


def write_whole(file: Path, data: bytes) -> None:
    """Write a file in one step: a killed process leaves the old one or the new one."""
    half = file.with_name(f".{file.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(open_new(half), "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    half.replace(file)
