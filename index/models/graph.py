"""A model as a graph in ONNX Runtime, with its tokenizer: no torch, and a fraction of its memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import DamagedModelError, ModelUnavailableError
from index.models.base import Done, Read, Use, Vectors, nobody
from index.models.card import GRAPH, TOKENIZER, documents_graph, read_files

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

REPORTED = 64
"""Texts between two reports of progress."""
MOST_THREADS = 4
"""More share too little work in texts of this size."""
SPIN_MICROSECONDS = "20"
IDS, MASK, EMBEDDING = "input_ids", "attention_mask", "sentence_embedding"
"""Names of the graph's inputs (int64, texts × tokens) and of its output (float32, texts × dimension, unit rows)."""
ACT_SCORES, TAG_SCORES = "act_scores", "tag_scores"
"""Outputs of a graph that reads: scores of acts (texts × acts) and of tags (texts × tokens × tags)."""


class GraphModel:
    """The graph in ``folder``; DamagedModelError when a file is not the one that was written.

    ``mend`` makes the folder's files again; for a graph that is read only later, when documents come.
    """

    def __init__(self, folder: Path, mend: Callable[[], None] | None = None) -> None:
        from tokenizers import Tokenizer

        card, contents = read_files(folder)
        self._card, self._folder, self._mend = card, folder, mend
        self.prompts: Mapping[str, str] = card.prompts
        self._tokenizer = Tokenizer.from_buffer(contents[TOKENIZER])
        self._tokenizer.enable_truncation(card.longest)
        self._tokenizer.enable_padding(pad_id=card.pad)
        self._session = _session(folder / GRAPH, min(MOST_THREADS, _cores()))
        self._reads = ACT_SCORES in {one.name for one in self._session.get_outputs()}

    def encode(self, texts: Sequence[str], use: Use, done: Done = nobody) -> Vectors:
        """Return a unit vector a row; that of a text does not depend on what stands beside it."""
        prompt = self.prompts.get(use, "")
        if use == "query":
            return np.stack([self._run(self._session, prompt + text) for text in texts])
        # Let go of at the end: who only answers needs none of it.
        session = _session(self._documents(), threads=1)
        # Each core has a text of its own: nothing is filled up, nobody waits for another's half of a product. The
        # longest come first, so that all cores end together.
        order = sorted(dict.fromkeys(texts), key=len, reverse=True)
        vectors: dict[str, Vectors] = {}
        with ThreadPoolExecutor(_cores()) as pool:
            found = pool.map(lambda text: self._run(session, prompt + text), order)
            for number, (text, vector) in enumerate(zip(order, found, strict=True), 1):
                vectors[text] = vector
                if number % REPORTED == 0:
                    done(number)
        return np.stack([vectors[text] for text in texts])

    def _documents(self) -> Path:
        """Return the graph for documents, mended where it is damaged and can be."""
        try:
            return documents_graph(self._folder, self._card)
        except DamagedModelError:
            if self._mend is None:
                raise
            self._mend()
            return documents_graph(self._folder, self._card)

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

    def _run(self, session: InferenceSession, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        found: list[Vectors] = session.run([EMBEDDING], {IDS: ids, MASK: np.ones_like(ids)})
        vector: Vectors = found[0][0]
        return vector


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _session(graph: Path, threads: int) -> InferenceSession:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as raised

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # A thread that waits for the others spins for a moment before it sleeps: they are ready in less time than it takes
    # to wake up. One that spins on and on halves the speed of a machine that has other work.
    options.add_session_config_entry("session.intra_op.spin_duration_us", SPIN_MICROSECONDS)
    options.log_severity_level = 3
    try:
        # By its path: of bytes the session would keep a copy.
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except (raised.Fail, raised.InvalidGraph, raised.InvalidProtobuf, raised.NotImplemented) as error:
        raise ModelUnavailableError(f"{graph}: {str(error).partition(chr(10))[0]}") from error
