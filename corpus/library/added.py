"""The plans an office has added: one file a plan in the data folder, each written in one step.

A file holds what was read, not what was understood, so that a better parser reads old plans anew. A killed process
leaves the old file or the new one, and at most a hidden half that the next writer overwrites.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from corpus.messages import say
from corpus.model import Plan, PlanMeta
from corpus.private import make_folder, write_whole

if TYPE_CHECKING:
    from corpus.readers.document import Document

_HEAD = 16_384
"""Characters of a file that hold everything before the plan's text."""


class StoreError(Exception):
    """A plan file that cannot be read or written; its text is one line for a person."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An added plan as it is kept."""

    meta: PlanMeta
    sha256: str
    """Of the file it was read from."""
    source: str
    """That file's name."""
    added: str
    """When, in UTC, ISO 8601."""
    document: Document

    def to_json(self) -> bytes:
        """Return what its file holds; ``parse_stored`` reads it."""
        value = {
            "meta": msgspec.to_builtins(self.meta),
            "sha256": self.sha256,
            "source": self.source,
            "added": self.added,
            "document": asdict(self.document),
        }
        return json.dumps(value, ensure_ascii=False, indent=1).encode()

    def plan(self) -> Plan:
        """Parse it, in a process of its own; StoreError when that cannot be."""
        from corpus.parsing import parse_guarded
        from corpus.readers.document import ReadError

        try:
            return parse_guarded(self.document, self.meta, self.sha256, self.source)
        except ReadError as error:
            raise StoreError(say("store.broken", file=self.meta.id, reason=error)) from error


@dataclass(frozen=True, slots=True)
class Head:
    """What an added plan's file says before the plan's text."""

    path: Path
    meta: PlanMeta
    sha256: str
    added: str


class PlanStore:
    """The folder of added plans; it need not exist before the first is added."""

    def __init__(self, folder: Path) -> None:
        """Use ``folder``, ``plans`` in the data folder."""
        self.folder = folder

    def entries(self) -> tuple[Stored, ...]:
        """Return the added plans, oldest first; StoreError names a file that is no plan."""
        found = (read_stored(path) for path in self.folder.glob("[!.]*.json"))
        return tuple(sorted(found, key=lambda entry: (entry.added, entry.meta.id)))

    def heads(self) -> tuple[Head, ...]:
        """Return what the files say before the text of the plan, oldest first; StoreError as for ``entries``."""
        found = (self._read_head(path) for path in self.folder.glob("[!.]*.json"))
        return tuple(sorted(found, key=lambda head: (head.added, head.meta.id)))

    def add(self, entry: Stored) -> None:
        """Keep a plan, in the place of the one with its id if there is one; StoreError when the disk refuses."""
        from filelock import FileLock

        try:
            make_folder(self.folder)
            with FileLock(self.folder / ".lock"):
                write_whole(self._path(entry.meta.id), entry.to_json())
        except OSError as error:
            raise StoreError(say("store.write", folder=self.folder, reason=error.strerror)) from error

    def remove(self, plan_id: str) -> bool:
        """Take a plan away; False when there is none with this id, StoreError when the disk refuses."""
        try:
            self._path(plan_id).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreError(say("store.write", folder=self.folder, reason=error.strerror)) from error
        return True

    def _path(self, plan_id: str) -> Path:
        return self.folder / f"{plan_id}.json"

    @staticmethod
    def _read_head(path: Path) -> Head:
        try:
            with path.open(encoding="utf-8") as file:
                before, found, _ = file.read(_HEAD).partition('"document"')
            # The text comes last; of a file that is laid out otherwise all is read.
            value = json.loads(f"{before.rstrip().removesuffix(',')}}}" if found else path.read_bytes())
            return Head(path, msgspec.convert(value["meta"], PlanMeta), value["sha256"], value["added"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise StoreError(say("store.broken", file=path, reason=error)) from error


def read_stored(path: Path) -> Stored:
    """Return the added plan in a file of the store; StoreError when it is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(say("store.broken", file=path, reason=error.strerror)) from error
    return parse_stored(data, path)


def parse_stored(data: bytes, file: Path | str) -> Stored:
    """Return the added plan that a file's bytes hold; StoreError names the ``file`` when they hold none."""
    from corpus.readers.document import from_builtins

    try:
        value = json.loads(data)
        meta = msgspec.convert(value["meta"], PlanMeta)
        document = from_builtins(value["document"])
        words = msgspec.convert([value["sha256"], value["source"], value["added"]], tuple[str, str, str])
        return Stored(meta, *words, document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(say("store.broken", file=file, reason=error)) from error
