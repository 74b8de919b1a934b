"""Reading in a process of its own, so that no file can hang, crash or fill the memory of who asks for it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from corpus.readers.document import Document, ReadError, from_builtins
from corpus.readers.pictures import PICTURE

_HOME = Path(__file__).parent.parent.parent
"""Where the reading process finds this package, whatever folder a person stands in."""
OUT_OF_MEMORY = 3
"""Exit status of a reading process that ran out of it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a file may take, and the address space of the process that reads it."""

    seconds: float
    memory_mb: int


PLAIN = Bounds(240, 1000)
"""A PDF of 220 pages with tables took 15 seconds of processor time."""
RECOGNISING = Bounds(900, 3000)
"""With OCR: a page takes up to 15 seconds, its libraries and models 1.6 GB of address space."""


def read_document(path: Path) -> Document:
    """Return what a file holds, pictures of text too where the OCR is installed; ReadError when it cannot be read."""
    can_recognise = find_spec("rapidocr") is not None
    try:
        document = _read(path, PLAIN)
    except ReadError as error:
        if error.key != "scanned" or not can_recognise:
            raise
        return _read(path, RECOGNISING)
    has_pictures = any(one.rule == PICTURE for one in document.dropped)
    return _read(path, RECOGNISING) if has_pictures and can_recognise else document


def _read(path: Path, bounds: Bounds) -> Document:
    command = [sys.executable, "-m", "corpus.readers", str(path.absolute()), str(bounds.memory_mb)]
    command += ["--recognise"] if bounds is RECOGNISING else []
    try:
        done = subprocess.run(command, capture_output=True, cwd=_HOME, timeout=bounds.seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise ReadError("too_slow", name=path.name, seconds=bounds.seconds) from error
    if done.returncode == OUT_OF_MEMORY:
        raise ReadError("too_hungry", name=path.name, limit=bounds.memory_mb)
    if done.returncode:
        raise ReadError("damaged", name=path.name, form=path.suffix)
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise ReadError(answer["error"], **answer["values"])
    return from_builtins(answer)
