"""The card of a graph: it says how a model's graph is run, and tells a damaged file from a whole one.

The graph lies in the folder ``onnx``, where sentence-transformers keeps graphs too.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from index.errors import DamagedModelError

GRAPH, TOKENIZER, CARD = "onnx/model.onnx", "tokenizer.json", "onnx/card.json"
DOCUMENTS = "onnx/documents.onnx"
"""A second graph, faster and less exact, for the many texts of an index; a model need not have one."""


class ModelCard(msgspec.Struct, frozen=True):
    """What must be known to run a graph, as it stands in ``onnx/card.json``."""

    prompts: dict[str, str]
    longest: int
    """Tokens that a text is cut to."""
    pad: int
    """Id of the token that fills a batch up."""
    files: dict[str, str]
    """Path in the model's folder to SHA-256."""


def has_graph(folder: Path) -> bool:
    """Whether a model's folder has a graph that can be run here."""
    return (folder / CARD).is_file()


def write_card(folder: Path, prompts: dict[str, str], longest: int, pad: int) -> None:
    """Write the card of a graph whose files stand in ``folder``."""
    names = (GRAPH, TOKENIZER, DOCUMENTS) if (folder / DOCUMENTS).exists() else (GRAPH, TOKENIZER)
    files = {name: _hash((folder / name).read_bytes()) for name in names}
    (folder / CARD).write_bytes(msgspec.json.format(msgspec.json.encode(ModelCard(prompts, longest, pad, files))))


def read_files(folder: Path) -> tuple[ModelCard, dict[str, bytes]]:
    """Return the card in ``folder`` and the files it names; DamagedModelError when one is not whole."""
    try:
        card = msgspec.json.decode((folder / CARD).read_bytes(), type=ModelCard)
        contents = {name: (folder / name).read_bytes() for name in (GRAPH, TOKENIZER)}
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise DamagedModelError(f"{folder}: {error}") from error
    damaged = [name for name, content in contents.items() if card.files.get(name) != _hash(content)]
    if damaged:
        raise DamagedModelError(f"{folder}: {', '.join(damaged)}")
    return card, contents


def documents_graph(folder: Path, card: ModelCard) -> Path:
    """Return the graph for documents; that for questions where the card names none. DamagedModelError as above."""
    name = DOCUMENTS if DOCUMENTS in card.files else GRAPH
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise DamagedModelError(f"{folder}: {error}") from error
    if card.files[name] != _hash(content):
        raise DamagedModelError(f"{folder}: {name}")
    return folder / name


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
