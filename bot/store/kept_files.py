"""The operator's files beside the database that a backup must hold: added plans, aliases, keys.

What can be made again (the index, the default model) or means something on one machine only is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import msgspec

from bot.keys import KeyFileError, parse_keys
from bot.messages import say
from bot.reading.aliases import parse_aliases
from corpus.library.added import StoreError, parse_stored
from corpus.private import make_folder, write_whole
from index.errors import StorageError

PATTERNS = ("plans/*.json", "aliases.json", "*.key", "keys/*.key")
"""Paths inside the data folder; hidden files are half written ones and locks."""
KEYS = ("*.key", "keys/*.key")
"""Those that a new installation makes for itself when it starts: a backup's take their place."""


class KeptFile(msgspec.Struct, frozen=True):
    """One file, as it stands in a backup."""

    path: str
    """Inside the data folder, with ``/``."""
    data: bytes


class KeptFilesError(Exception):
    """Files that can't be put back; the text is Chinese and for the operator."""


def read_files(folder: Path) -> Iterator[KeptFile]:
    """Yield every file to be kept, in order."""
    for pattern in PATTERNS:
        for path in sorted(folder.glob(pattern)):
            if not path.name.startswith("."):
                yield KeptFile(path.relative_to(folder).as_posix(), path.read_bytes())


def check_files(folder: Path, files: Iterable[KeptFile]) -> None:
    """KeptFilesError for what no backup holds, and for a plan or an alias here that would be lost."""
    for file in files:
        if not _matches(file.path, PATTERNS) or not file.path.isprintable():
            raise KeptFilesError(say("backup.strange_path", path=repr(file.path[:200])))
        _check_content(file)
        here = folder / file.path
        if not _matches(file.path, KEYS) and here.exists() and here.read_bytes() != file.data:
            raise KeptFilesError(say("backup.other_file", path=here))


def _check_content(file: KeptFile) -> None:
    """KeptFilesError for a key, a plan or aliases that the next start would refuse."""
    try:
        if _matches(file.path, KEYS):
            parse_keys(file.data, file.path)
        elif _matches(file.path, ("plans/*.json",)):
            parse_stored(file.data, file.path)
        else:
            parse_aliases(file.data, file.path)
    except (KeyFileError, StoreError, StorageError) as error:
        raise KeptFilesError(say("backup.bad_file", reason=error)) from error


def write_files(folder: Path, files: Iterable[KeptFile]) -> None:
    """Put files back, each in one step, for this user alone."""
    for file in files:
        target = folder / file.path
        make_folder(target.parent)
        write_whole(target, file.data)


def _matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path is one of the patterns', part by part, so that none leads out of the folder."""
    parts = PurePosixPath(path).parts
    return any(
        len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted)) and ".." not in parts
        for wanted in (PurePosixPath(pattern).parts for pattern in patterns)
    )
