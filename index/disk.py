"""Folders that are either whole or absent, whoever builds them and however often the process is killed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from index.errors import StorageError
from index.progress import Progress, Stage


@contextmanager
def writing(folder: Path, progress: Progress) -> Iterator[None]:
    """Make ``folder``, hold its lock, and turn what the disk refuses into a StorageError.

    ``progress`` is told when another process has the lock and is waited for.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / ".lock", progress):
            yield
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror or error}") from error


def _locked(file: Path, progress: Progress) -> AbstractContextManager[object]:
    from filelock import FileLock, Timeout

    lock = FileLock(file)
    try:
        return lock.acquire(blocking=False)
    except Timeout:
        progress(Stage.WAIT, 0, 1)
        return lock.acquire()


def fill(target: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a temporary folder beside ``target``, then move it there in one step.

    The caller holds the lock of the folder around, so every other temporary folder in it was left by
    a process that died; they are removed.
    """
    for leftover in target.parent.glob(".half-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    half = Path(tempfile.mkdtemp(dir=target.parent, prefix=".half-"))
    try:
        write(half)
        half.chmod(0o755)
        half.replace(target)
    finally:
        shutil.rmtree(half, ignore_errors=True)
