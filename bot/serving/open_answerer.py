"""Open the answerer over the current snapshot, building the snapshot first where it is missing or stale."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from bot.conversation.answerer import Answerer
from bot.reading.aliases import AliasFile, OwnFileError
from bot.settings import Settings, variable
from corpus.library.added import StoreError
from corpus.library.shipped import plan_sources
from corpus.private import make_folder
from index.build import ready
from index.encoder import Encoder
from index.progress import Progress, silent
from index.snapshot import Snapshot


class Opener:
    """Opens the answerer of one process, again whenever plans or aliases change; what has not changed stays in memory.

    An alias that was learned costs neither the model nor the index. To be called from one thread at a time.
    """

    def __init__(self, progress: Progress = silent) -> None:
        self._progress = progress
        self._encoder: Encoder | None = None
        self._snapshot: Snapshot | None = None

    def __call__(self, settings: Settings) -> Answerer:
        """Return the answerer that the settings ask for, the same settings each time; StorageError as below."""
        encoder = self._encoder
        if encoder is None or encoder.has_failed:
            # A model that could not be had may be there now.
            self._encoder = encoder = _encoder(settings.data_dir, settings.model, self._progress)
            self._snapshot = None
        snapshot = _ready(settings.data_dir, encoder, self._progress, settings.index_url())
        if self._snapshot is None or snapshot.state != self._snapshot.state:
            self._snapshot = snapshot
        return Answerer(self._snapshot, aliases=AliasFile(settings.data_dir).load())


def open_answerer(data_dir: Path, model: str = "", progress: Progress = silent, database: str = "") -> Answerer:
    """Return an answerer over every plan, shipped and added, that knows the operator's aliases.

    The index is in ``data_dir``, or in the PostgreSQL database at the URL ``database``. StorageError when the place
    can't be used.
    """
    snapshot = open_snapshot(data_dir, model, progress, database)
    return Answerer(snapshot, aliases=AliasFile(data_dir).load())


def open_as_set(settings: Settings, progress: Progress = silent) -> Answerer:
    """Return the answerer that the settings ask for; StorageError as above."""
    return open_answerer(settings.data_dir, settings.model, progress, settings.index_url())


def open_snapshot(
    data_dir: Path, model: str, progress: Progress = silent, database: str = "", *, anew: bool = False
) -> Snapshot:
    """Return the snapshot, made anew even if nothing has changed where ``anew`` asks for it; StorageError as above."""
    return _ready(data_dir, _encoder(data_dir, model, progress), progress, database, anew=anew)


def _encoder(data_dir: Path, model: str, progress: Progress) -> Encoder:
    return Encoder(model, data_dir / "models", progress)


def _ready(data_dir: Path, encoder: Encoder, progress: Progress, database: str, *, anew: bool = False) -> Snapshot:
    with suppress(OSError):  # who needs to write there says what is wrong
        make_folder(data_dir)
    folder = data_dir / "index"
    try:
        sources = plan_sources(data_dir / "plans")
        if not database:
            return ready(folder, sources, encoder, progress=progress, anew=anew)
        from index.postgres.ready import ready as ready_in_database

        return ready_in_database(database, folder, sources, encoder, progress=progress, anew=anew)
    except StoreError as error:
        raise OwnFileError(str(error)) from error


def storage_setting(settings: Settings) -> str:
    """Return the variable that says where the index is."""
    return variable("database_url" if settings.index_url() else "data_dir")
