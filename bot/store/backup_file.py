"""Reads a backup line by line, as far as a file of this size can honestly hold, and checks the form of each line.

A gzip of a few kilobytes can unpack to gigabytes: what a line, and all lines together, may hold has a bound.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from bot.messages import say
from bot.store.kept_files import KeptFile

FILE = ":file"
"""Stands where a row has its table's name."""
LINE_BYTES = 64_000_000
"""Of one line; the largest holds a plan."""
FREE_BYTES, RATIO = 64_000_000, 200
"""What a backup may unpack to: so many bytes, or so many times its size. JSON shrinks to a fifth or a thirtieth."""


class BackupError(Exception):
    """A file that can't be restored here; the text is Chinese and for the operator."""


class BackupHeader(msgspec.Struct, frozen=True):
    """The first line."""

    revision: str


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One row."""

    table: str
    row: dict[str, str | int | float | bool | None]
    size: int
    """Bytes of its line."""


_ROW = msgspec.json.Decoder(dict[str, str | int | float | bool | None])
_FILE = msgspec.json.Decoder(KeptFile)
_LINE = msgspec.json.Decoder(tuple[str, msgspec.Raw])
_HEADER = msgspec.json.Decoder(BackupHeader)


def read_backup(file: Path) -> Iterator[BackupHeader | BackupLine | KeptFile]:
    """Yield the header, then rows and files; BackupError says in one line what is wrong with the file."""
    number = 0
    try:
        for number, line in enumerate(_lines(file), 1):
            yield _HEADER.decode(line) if number == 1 else _read(line)
    except (OSError, EOFError, zlib.error) as error:
        raise BackupError(say("backup.unreadable", file=file, error=type(error).__name__)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BackupError(say("backup.bad_line", file=file, number=number, error=type(error).__name__)) from error
    if not number:
        raise BackupError(say("backup.unreadable", file=file, error="EOFError"))


def _read(line: bytes) -> BackupLine | KeptFile:
    name, rest = _LINE.decode(line)
    return _FILE.decode(rest) if name == FILE else BackupLine(name, _ROW.decode(rest), len(line))


def _lines(file: Path) -> Iterator[bytes]:
    left = max(FREE_BYTES, file.stat().st_size * RATIO)
    with gzip.open(file, "rb") as unpacked:
        while line := _next(unpacked, min(left, LINE_BYTES), file):
            left -= len(line)
            yield line


def _next(unpacked: gzip.GzipFile | BinaryIO, most: int, file: Path) -> bytes:
    line = unpacked.readline(most + 1)
    if len(line) > most:
        raise BackupError(say("backup.too_large", file=file))
    return line
