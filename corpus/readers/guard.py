"""Reading in a process of its own, so that no file can hang, crash or fill the memory of who asks for it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.blocks import Block, Paragraph, Row
from corpus.model import Dropped
from corpus.readers.document import Document, Hints, ReadError

SECONDS = 240
"""How long a file may take; a PDF of the longest kind read here takes about half of it."""
MEMORY_MB = 1000
"""Address space of the reading process."""
OUT_OF_MEMORY = 3
"""Exit status of a reading process that ran out of it."""


def read_document(path: Path) -> Document:
    """Return what a file holds; ReadError with one line when it cannot be read."""
    command = [sys.executable, "-m", "corpus.readers", str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ReadError("too_slow", name=path.name, seconds=SECONDS) from error
    if done.returncode == OUT_OF_MEMORY:
        raise ReadError("too_hungry", name=path.name, limit=MEMORY_MB)
    if done.returncode:
        raise ReadError("damaged", name=path.name, form=path.suffix)
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise ReadError(answer["error"], **answer["values"])
    return _from_json(answer)


def to_json(document: Document) -> str:
    """Return a document as the reading process prints it."""
    return json.dumps(asdict(document), ensure_ascii=True)


def _from_json(answer: dict[str, Any]) -> Document:
    blocks = tuple(_block(value) for value in answer["blocks"])
    return Document(blocks, tuple(Dropped(**value) for value in answer["dropped"]), Hints(**answer["hints"]))


def _block(value: dict[str, Any]) -> Block:
    if "cells" in value:
        return Row(tuple(value["cells"]), value["line"], value["table"])
    return Paragraph(value["text"], value["line"])
