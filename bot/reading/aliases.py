"""The operator's own names for units: one small file in the data folder, read whenever the answerer is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from bot.messages import say
from corpus.private import make_folder, write_whole
from index.errors import StorageError

FILE = "aliases.json"
"""Inside the data folder; a backup holds it."""

Aliases = Mapping[str, str]
"""Name → key of the unit that it means."""


class OwnFileError(StorageError):
    """A file of the operator's own, a plan or the aliases, that is refused; the message names it."""


def parse_aliases(data: bytes, file: Path | str) -> dict[str, str]:
    """Return the aliases that a file's bytes hold; OwnFileError names the ``file`` when they hold none."""
    try:
        return msgspec.json.decode(data, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OwnFileError(say("alias.broken", file=file, reason=error)) from error


class AliasFile:
    """The file of one data folder; it need not exist."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / FILE

    def load(self) -> dict[str, str]:
        """Return the aliases, oldest first; OwnFileError names a broken file."""
        try:
            return parse_aliases(self.path.read_bytes(), self.path)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise OwnFileError(say("alias.broken", file=self.path, reason=error.strerror)) from error

    def put(self, alias: str, key: str) -> None:
        """Let ``alias`` mean the unit ``key`` from now on; StorageError when the disk refuses."""
        self._change(lambda aliases: aliases | {alias: key})

    def remove(self, alias: str) -> bool:
        """Take an alias away; False when there is none of this name, StorageError when the disk refuses."""
        if alias not in self.load():
            return False
        self._change(lambda aliases: {name: key for name, key in aliases.items() if name != alias})
        return True

    def _change(self, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
        """Write the file anew in one step: a killed process leaves the old one or the new one."""
        from filelock import FileLock  # only what writes needs it

        try:
            make_folder(self.path.parent)
            with FileLock(self.path.with_name(f".{FILE}.lock")):
                write_whole(self.path, msgspec.json.format(msgspec.json.encode(change(self.load()))))
        except OSError as error:
            raise StorageError(say("alias.unwritable", file=self.path, reason=error.strerror)) from error
