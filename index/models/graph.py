"""A model as a graph in ONNX Runtime, with its tokenizer: no torch, and a fraction of its memory.

A model folder has such a graph when a card lies in it, in the ``onnx`` folder, where sentence-transformers keeps
graphs too. The card holds the hashes of what it needs, so that a damaged graph is noticed and never run.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from index.errors import DamagedModelError, ModelUnavailableError
from index.models.base import Use, Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

GRAPH, TOKENIZER, CARD = "onnx/model.onnx", "tokenizer.json", "onnx/card.json"
BATCH = 4
"""Texts run at once; they are sorted by length first, and larger batches gain nothing on a CPU."""
MOST_THREADS = 4
"""More share too little work in texts of this size."""
IDS, MASK, EMBEDDING = "input_ids", "attention_mask", "sentence_embedding"
"""Names of the graph's inputs (int64, texts × tokens) and of its output (float32, texts × dimension, unit rows)."""


class Card(msgspec.Struct, frozen=True):
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
    files = {name: _hash((folder / name).read_bytes()) for name in (GRAPH, TOKENIZER)}
    (folder / CARD).write_bytes(msgspec.json.format(msgspec.json.encode(Card(prompts, longest, pad, files))))


class GraphModel:
    """The graph in ``folder``; DamagedModelError when a file is not the one that was written."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        card, contents = _read(folder)
        self.prompts: Mapping[str, str] = card.prompts
        self._tokenizer = Tokenizer.from_buffer(contents[TOKENIZER])
        self._tokenizer.enable_truncation(card.longest)
        self._tokenizer.enable_padding(pad_id=card.pad)
        self._session = _session(folder, contents[GRAPH])

    def encode(self, texts: Sequence[str], use: Use) -> Vectors:
        """Return a unit vector a row."""
        prompt = self.prompts.get(use, "")
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        rows: list[Vectors] = [np.empty(0, dtype=np.float32)] * len(texts)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors = self._run([prompt + texts[row] for row in batch])
            for row, vector in zip(batch, vectors, strict=True):
                rows[row] = vector
        return np.stack(rows)

    def _run(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        found: list[Vectors] = self._session.run([EMBEDDING], {IDS: ids, MASK: mask})
        return found[0]


def _read(folder: Path) -> tuple[Card, dict[str, bytes]]:
    try:
        card = msgspec.json.decode((folder / CARD).read_bytes(), type=Card)
        contents = {name: (folder / name).read_bytes() for name in (GRAPH, TOKENIZER)}
    except (OSError, msgspec.DecodeError) as error:
        raise DamagedModelError(f"{folder}: {error}") from error
    damaged = [name for name, content in contents.items() if card.files.get(name) != _hash(content)]
    if damaged:
        raise DamagedModelError(f"{folder}: {', '.join(damaged)}")
    return card, contents


def _session(folder: Path, graph: bytes) -> InferenceSession:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as raised

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(MOST_THREADS, len(os.sched_getaffinity(0)))
    # Threads that spin while they wait gain little on a quiet machine, and halve the speed of one that is busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except (raised.Fail, raised.InvalidGraph, raised.InvalidProtobuf, raised.NotImplemented) as error:
        raise ModelUnavailableError(f"{folder}: {str(error).partition(chr(10))[0]}") from error


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
