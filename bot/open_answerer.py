"""Open the answerer over the current snapshot, building the snapshot first where it is missing or stale."""

from __future__ import annotations

from pathlib import Path

from bot.ask.answerer import Answerer
from corpus.library import load_plans
from index.build import ready
from index.encoder import Encoder
from index.progress import Progress, silent


def open_answerer(data_dir: Path, model: str = "", progress: Progress = silent) -> Answerer:
    """Return an answerer over every plan; StorageError when the data folder can't be written."""
    encoder = Encoder(model, data_dir / "models", progress)
    added = data_dir / "plans"
    snapshot = ready(
        data_dir / "index",
        lambda: load_plans(added),
        encoder,
        added=[added] if added.is_dir() else [],
        progress=progress,
    )
    return Answerer(snapshot)
