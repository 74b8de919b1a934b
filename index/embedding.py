"""The vectors of clauses and of the probe questions, made a batch at a time, wherever they are then kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.model import Clause
from index.documents import dense_texts
from index.encoder import Encoder
from index.filters import code_of
from index.models.base import Vectors

if TYPE_CHECKING:
    from index.known_vectors import KnownVectors

Numbered = Iterable[tuple[int, Clause]]
"""Clauses with their rows."""
TEXTS = 4096
"""Texts embedded at once."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The vectors of some clauses, each with its clause's row and the code of that clause's kind and place."""

    vectors: Vectors
    rows: NDArray[np.int64]
    codes: NDArray[np.uint8]
    marks: NDArray[np.uint64]
    """What tells the texts from all others."""
    whole: NDArray[np.int64]
    """Where the first vector of each clause stands, that of its whole text."""


def batches(clauses: Numbered) -> Iterator[list[tuple[int, Clause]]]:
    """Yield the clauses in runs whose texts are embedded at once."""
    run: list[tuple[int, Clause]] = []
    texts = 0
    for row, clause in clauses:
        run.append((row, clause))
        texts += len(dense_texts(clause))
        if texts >= TEXTS:
            yield run
            run, texts = [], 0
    if run:
        yield run


def embed_pieces(encoder: Encoder, numbered: Numbered, known: KnownVectors | None = None) -> Pieces:
    """Return the vectors of a batch, those that are known as they are; ModelUnavailableError when there is no model."""
    texts: list[str] = []
    rows: list[int] = []
    codes: list[int] = []
    whole: list[int] = []
    for row, clause in numbered:
        pieces = dense_texts(clause)
        whole.append(len(texts))
        texts.extend(pieces)
        rows.extend([row] * len(pieces))
        codes.extend([code_of(clause)] * len(pieces))
    marks, embed = marks_of(texts), encoder.encode_documents
    vectors = known.complete(texts, marks, embed) if known else embed(texts)
    return Pieces(vectors, np.array(rows, np.int64), np.array(codes, np.uint8), marks, np.array(whole, np.int64))


def marks_of(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return what tells each text from all others: eight bytes of its hash."""
    digests = (hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(digests), dtype=np.uint64)


def text_marks(numbered: Numbered) -> NDArray[np.uint64]:
    """Return the marks of all texts of these clauses."""
    return marks_of([text for _, clause in numbered for text in dense_texts(clause)])


def embed_probes(encoder: Encoder) -> Vectors:
    """Return the vectors of questions that no plan answers, a row each: what they find is found by chance."""
    # A question goes on without a model that is slow to load; an index waits for it.
    encoder.load()
    text = resources.files("index").joinpath("data/probe_questions.txt").read_text(encoding="utf-8")
    encoder.load()  # on a busy machine that takes longer than a question waits
    return np.stack([encoder.encode_query(question) for question in text.splitlines()])
