"""Reading in a process of its own, so that no file can hang, crash or fill the memory of who asks for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from corpus.readers.document import Document, ReadError, from_builtins

_HOME = Path(__file__).parent.parent.parent
"""Where the reading process finds this package, whatever folder a person stands in."""
SECONDS = 240
"""How long a file may take; a PDF of 220 pages with tables took 15 seconds of processor time."""
MEMORY_MB = 1000
"""Address space of the reading process."""
OUT_OF_MEMORY = 3
"""Exit status of a reading process that ran out of it."""


def read_document(path: Path) -> Document:
    """Return what a file holds; ReadError with one line when it cannot be read."""
    command = [sys.executable, "-m", "corpus.readers", str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, cwd=_HOME, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ReadError("too_slow", name=path.name, seconds=SECONDS) from error
    if done.returncode == OUT_OF_MEMORY:
        raise ReadError("too_hungry", name=path.name, limit=MEMORY_MB)
    if done.returncode:
        raise ReadError("damaged", name=path.name, form=path.suffix)
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise ReadError(answer["error"], **answer["values"])
    return from_builtins(answer)
