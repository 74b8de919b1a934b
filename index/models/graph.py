"""A model as a graph in ONNX Runtime, with its tokenizer: no torch, and a fraction of its memory."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import ModelUnavailableError
from index.models.base import Read, Use, Vectors
from index.models.card import GRAPH, TOKENIZER, read_files

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

BATCH = 4
"""Texts run at once; they are sorted by length first, and larger batches gain nothing on a CPU."""
MOST_THREADS = 4
"""More share too little work in texts of this size."""
SPIN_MICROSECONDS = "20"
IDS, MASK, EMBEDDING = "input_ids", "attention_mask", "sentence_embedding"
"""Names of the graph's inputs (int64, texts × tokens) and of its output (float32, texts × dimension, unit rows)."""
ACT_SCORES, TAG_SCORES = "act_scores", "tag_scores"
"""Outputs of a graph that reads: scores of acts (texts × acts) and of tags (texts × tokens × tags)."""


class GraphModel:
    """The graph in ``folder``; DamagedModelError when a file is not the one that was written."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        card, contents = read_files(folder)
        self.prompts: Mapping[str, str] = card.prompts
        self._tokenizer = Tokenizer.from_buffer(contents[TOKENIZER])
        self._tokenizer.enable_truncation(card.longest)
        self._tokenizer.enable_padding(pad_id=card.pad)
        self._session = _session(folder, contents[GRAPH])
        self._reads = ACT_SCORES in {one.name for one in self._session.get_outputs()}

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

    def read(self, text: str) -> Read | None:
        """Return what the heads of a graph that has some read in a message."""
        if not self._reads:
            return None
        from index.models.default.decode import acts_of, best_tags, parts_of, spans_of

        prompt = self.prompts.get("query", "")
        encoded = self._tokenizer.encode(prompt + text)
        ids = np.array([encoded.ids], dtype=np.int64)
        feed = {IDS: ids, MASK: np.ones_like(ids)}
        vectors, acts, tags = self._session.run([EMBEDDING, ACT_SCORES, TAG_SCORES], feed)
        spans = spans_of(text, best_tags(tags[0]), encoded.offsets, len(prompt))
        return Read(vectors[0], acts_of(acts[0]), parts_of(acts[0]), spans)

    def _run(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        found: list[Vectors] = self._session.run([EMBEDDING], {IDS: ids, MASK: mask})
        return found[0]


def _session(folder: Path, graph: bytes) -> InferenceSession:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as raised

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(MOST_THREADS, len(os.sched_getaffinity(0)))
    # A thread that waits for the others spins for a moment before it sleeps: they are ready in less time than it takes
    # to wake up. One that spins on and on halves the speed of a machine that has other work.
    options.add_session_config_entry("session.intra_op.spin_duration_us", SPIN_MICROSECONDS)
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except (raised.Fail, raised.InvalidGraph, raised.InvalidProtobuf, raised.NotImplemented) as error:
        raise ModelUnavailableError(f"{folder}: {str(error).partition(chr(10))[0]}") from error
