"""Build snapshots beside the current one and make them current in one step; old ones are cleared away later."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

import msgspec
import numpy as np

from corpus.model import Plan
from index.confidence import measure_scale
from index.disk import fill, replace_text, writing
from index.documents import corpus_words, dense_texts, lexical_text
from index.encoder import Encoder
from index.errors import ModelUnavailableError, SnapshotError
from index.filters import ClauseTable
from index.lexical import build_lexical
from index.manifest import DenseSide, Manifest, Origin, fingerprint, hash_files, origin, write_manifest
from index.progress import Progress, Stage, silent
from index.snapshot import CENTROID, CURRENT, LEXICAL, PLANS, VECTORS, WORDS, Snapshot
from index.tokens import Segmenter
from index.vectors import build_vectors

KEPT = 2
"""Snapshots kept: the current one, and the one before for processes that still have it open."""
RETRY_SECONDS = 3600.0
"""A snapshot without vectors is good for this long; then the model is asked for again."""

LoadPlans = Callable[[], Sequence[Plan]]


def ready(
    store: Path, load_plans: LoadPlans, encoder: Encoder, *, added: Sequence[Path] = (), progress: Progress = silent
) -> Snapshot:
    """Open the current snapshot of ``store``, building it first when it is missing, stale or damaged.

    Plans are loaded only to build. ``added`` are folders of plans beside the shipped ones: a change in them makes
    the snapshot stale. StorageError when ``store`` can't be written.
    """
    packages = [Path(str(resources.files(name))) for name in ("corpus", "index")]
    wanted = origin(fingerprint([*packages, *added]), encoder.name)
    snapshot = _open_fresh(store, wanted, encoder, progress)
    if snapshot is None:
        with writing(store):
            # Another process may have built it while this one waited for the lock.
            snapshot = _open_fresh(store, wanted, encoder, silent)
            if snapshot is None:
                progress(Stage.PARSE, 0, 1)
                plans = tuple(load_plans())
                progress(Stage.PARSE, 1, 1)
                _build(store, plans, wanted, encoder, progress)
                snapshot = Snapshot.open(store, encoder)
    return snapshot


def _open_fresh(store: Path, wanted: Origin, encoder: Encoder, progress: Progress) -> Snapshot | None:
    """Return the current snapshot if it is whole and made from what is ``wanted``."""
    try:
        snapshot = Snapshot.open(store, encoder)
    except SnapshotError:
        if (store / CURRENT).exists():
            progress(Stage.REPAIR, 0, 1)
        return None
    manifest = snapshot.manifest
    gave_up = manifest.dense is None and time.time() - manifest.built_at > RETRY_SECONDS
    return snapshot if manifest.origin == wanted and not gave_up else None


def _build(store: Path, plans: tuple[Plan, ...], wanted: Origin, encoder: Encoder, progress: Progress) -> None:
    """Fill a new snapshot, point ``current`` to it, and clear old ones away. The caller holds the lock."""
    name = f"snapshot-{time.time_ns()}"
    fill(store / name, lambda folder: _write(folder, plans, wanted, encoder, progress))
    replace_text(store / CURRENT, name)
    for old in sorted(store.glob("snapshot-*"))[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _write(folder: Path, plans: tuple[Plan, ...], wanted: Origin, encoder: Encoder, progress: Progress) -> None:
    (folder / PLANS).write_bytes(msgspec.json.encode(plans))
    words = corpus_words(plans)
    (folder / WORDS).write_text("\n".join(words), encoding="utf-8")
    table = ClauseTable(plans)
    _write_lexical(folder, table, Segmenter(words, folder.parent), progress)
    dense, failure = None, ""
    try:
        dense = _write_vectors(folder, table, encoder)
    except ModelUnavailableError as error:
        failure = str(error)
    manifest = Manifest(
        origin=wanted,
        plans={plan.meta.id: plan.sha256 for plan in plans},
        built_at=time.time(),
        files=hash_files(folder),
        dense=dense,
        failure=failure,
    )
    write_manifest(folder, manifest)


def _write_lexical(folder: Path, table: ClauseTable, segmenter: Segmenter, progress: Progress) -> None:
    progress(Stage.LEXICAL, 0, len(table.clauses))
    documents = (
        (segmenter.tokens(lexical_text(clause)), table.values(row)) for row, clause in enumerate(table.clauses)
    )
    build_lexical(folder / LEXICAL, documents)
    progress(Stage.LEXICAL, len(table.clauses), len(table.clauses))


def _write_vectors(folder: Path, table: ClauseTable, encoder: Encoder) -> DenseSide:
    """Embed every clause, and the off-topic questions that tell what a chance likeness is."""
    texts: list[str] = []
    rows: list[int] = []
    whole: list[int] = []
    for row, clause in enumerate(table.clauses):
        pieces = dense_texts(clause)
        whole.append(len(texts))
        texts.extend(pieces)
        rows.extend([row] * len(pieces))
    vectors = encoder.encode_documents(texts)
    build_vectors(folder / VECTORS, vectors, np.array(rows, dtype=np.int64))
    centroid = vectors[whole].mean(axis=0)
    np.save(folder / CENTROID, centroid, allow_pickle=False)
    questions = resources.files("index").joinpath("data/probe_questions.txt").read_text(encoding="utf-8").splitlines()
    probes = np.stack([encoder.encode_query(question) for question in questions])
    lifts = (probes @ vectors.T).max(axis=1) - probes @ centroid
    return DenseSide(vectors.shape[1], encoder.prompts, measure_scale(lifts))
