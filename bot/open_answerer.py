"""Open the answerer over the current snapshot, building the snapshot first where it is missing or stale."""

from __future__ import annotations

from pathlib import Path

from bot.aliases import AliasFile
from bot.ask.answerer import Answerer
from corpus.library import plan_sources
from corpus.store import StoreError
from index.build import ready
from index.encoder import Encoder
from index.errors import StorageError
from index.progress import Progress, silent


def open_answerer(data_dir: Path, model: str = "", progress: Progress = silent) -> Answerer:
    """Return an answerer over every plan, shipped and added, that knows the operator's aliases.

    StorageError when the data folder can't be used.
    """
    encoder = Encoder(model, data_dir / "models", progress)
    try:
        snapshot = ready(data_dir / "index", plan_sources(data_dir / "plans"), encoder, progress=progress)
    except StoreError as error:
        raise StorageError(str(error)) from error
    return Answerer(snapshot, aliases=AliasFile(data_dir).load())
